package io.gatehouse.dispatch;

import io.gatehouse.api.message.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Whole messages, signed and not: the dispatcher goes on, whatever comes. */
public final class MessagesFuzz {
    private static final List<String> TOPICS = List.of(
            "dwr/311/7/cmd/ping",
            "dwr/cmd/cancel",
            "world/asia/desired/feature/a",
            "dwr/desired/trust",
            "dwr/311/7/self",
            "dwr/311/7/artifact/data");
    private static final Gateway GATEWAY = gateway();

    private MessagesFuzz() {}

    /** The first byte chooses a topic, the second cuts the rest into payload and signature. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length < 2) {
            return;
        }
        int topic = Byte.toUnsignedInt(data[0]) % (TOPICS.size() + 1);
        byte[] rest = Arrays.copyOfRange(data, 2, data.length);
        int cut = Math.min(rest.length, Byte.toUnsignedInt(data[1]));
        byte[] head = Arrays.copyOf(rest, cut);
        byte[] payload = Arrays.copyOfRange(rest, cut, rest.length);
        String name = topic < TOPICS.size() ? TOPICS.get(topic) : new String(head, StandardCharsets.UTF_8);
        Message message = Message.json(name, payload).answeredAt("reply/x", head);
        GATEWAY.receiveAsItIs(message);
        GATEWAY.receiveAsItIs(message.with("jws", new String(head, StandardCharsets.UTF_8)));
        if (topic < 2 && data[1] % 8 == 0) { // a signature takes longer than all the rest
            GATEWAY.receiveAsItIs(GATEWAY.signed(message));
        }
        GATEWAY.sent.clear();
        GATEWAY.events.clear();
        GATEWAY.reports.clear();
    }

    private static Gateway gateway() {
        try {
            Path state = Files.createTempDirectory("fuzz");
            state.toFile().deleteOnExit();
            return new Gateway(state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
