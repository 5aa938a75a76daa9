package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.protocol.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/** One command after the other, none waiting for the end of the one before. */
final class CommandStream implements AutoCloseable {
    /** Longer than any test: what expires has no end. */
    private static final Duration LIFE = Duration.ofMinutes(10);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Operator operator;
    private final String device;
    private final String name;
    private final Duration pause;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::ask, "commands");
    private volatile boolean ended;

    private CommandStream(Operator operator, String device, String name, Duration pause) {
        this.operator = operator;
        this.device = device;
        this.name = name;
        this.pause = pause;
    }

    static CommandStream of(Operator operator, String device, String name, Duration pause) {
        CommandStream stream = new CommandStream(operator, device, name, pause);
        stream.thread.setDaemon(true);
        stream.thread.start();
        return stream;
    }

    private void ask() {
        while (!ended) {
            asked.add(operator.ask(device, name, Map.of("n", asked.size()), LIFE));
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    /** Sends no more. */
    void end() {
        ended = true;
        try {
            thread.join(Duration.ofSeconds(70).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the last command is sent", e);
        }
    }

    int size() {
        return asked.size();
    }

    /** By the id that its handler knows it by, all ends that came for each command; waits until each has one. */
    Map<String, List<Outcome>> ends() {
        Awaitility.await("an end of each of " + asked.size() + " commands")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() -> assertEquals(List.of(), withoutEnd()));
        return endsSoFar();
    }

    /** Which these are, each with its place in the stream. */
    private List<String> withoutEnd() {
        List<String> without = new ArrayList<>();
        int place = 0;
        for (Map.Entry<String, List<Outcome>> one : endsSoFar().entrySet()) {
            if (one.getValue().isEmpty()) {
                without.add(place + " " + one.getKey());
            }
            place++;
        }
        return without;
    }

    private Map<String, List<Outcome>> endsSoFar() {
        Map<String, List<Outcome>> byReply = new HashMap<>();
        for (Operator.Heard message : operator.all(heard -> heard.topic().startsWith("reply/"))) {
            if (Reply.read(message.payload()) instanceof Reply.End end) {
                byReply.computeIfAbsent(message.topic(), any -> new ArrayList<>())
                        .add(end.outcome());
            }
        }
        Map<String, List<Outcome>> ends = new LinkedHashMap<>();
        asked.forEach(reply -> ends.put(id(reply), byReply.getOrDefault(reply, List.of())));
        return ends;
    }

    private static String id(String reply) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(reply.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        end();
    }
}
