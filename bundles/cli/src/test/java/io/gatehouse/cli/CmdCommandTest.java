package io.gatehouse.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.trust.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands to one device and to several, and what is left of them. */
final class CmdCommandTest {
    private static final String ONE = "dwr/311-a1/00-00-00-00-00-01";
    private static final String TWO = "dwr/311-a1/00-00-00-00-00-02";

    private final MemoryBroker broker = new MemoryBroker();
    private final Console console = new Console(broker);
    private final SigningKey root = SigningKey.generate();
    private final SigningKey operator = SigningKey.generate();

    @TempDir
    private Path folder;

    private FakeDevice one;

    @BeforeEach
    void aDeviceIsThere() throws IOException {
        console.signBy(operator, folder);
        one = new FakeDevice(broker, ONE, "world/asia/taiwan", trusting());
    }

    @AfterEach
    void leave() {
        one.close();
    }

    @Test
    void showsATableAlsoWhereOneDeviceOfAGroupAnswers() {
        one.answering("ping", message -> Outcome.done(Map.of("ok", true)));
        assertEquals(0, console.run("cmd", "ping", "--to", "dwr/311-a1"));
        assertTrue(
                console.out().contains("DEVICE                        STATE  OK\n" + ONE + "  done   true\n"),
                console.out());
    }

    @Test
    void saysHowToReadWhatADeviceMade() {
        String sha256 = "0123456789abcdef".repeat(4);
        one.answering("diagnostics", message -> Outcome.done(Map.of("artifact", Map.of("sha256", sha256, "size", 1))));
        assertEquals(0, console.run("cmd", "diagnostics", "--to", ONE));
        assertTrue(console.err().contains("gatehouse artifact get 0123456789ab --to " + ONE + "  "), console.err());
        assertEquals(0, console.run("cmd", "diagnostics", "--to", ONE, "-o", "json"));
        assertEquals("", console.err());
    }

    @Test
    void cancelsWhereItIsInterruptedAtTheDevicesThatHaveNotEnded() throws Exception {
        one.holding("capture").answering("cancel", message -> {
            one.end(
                    "capture",
                    Outcome.failed("cancelled", Json.read(message.payload()).string("id")));
            return Outcome.done(Map.of());
        });
        try (FakeDevice two = new FakeDevice(broker, TWO, "world/asia/japan", trusting())) {
            two.answering("capture", message -> Outcome.done(Map.of()));
            AtomicInteger status = new AtomicInteger(-1);
            Thread command =
                    new Thread(() -> status.set(console.run("cmd", "capture", "--to", "dwr/311-a1")), "command");
            command.start();
            await().until(() -> one.holds("capture") && console.err().contains(TWO + "  done"));
            command.interrupt();
            command.join(30_000);
            assertEquals(130, status.get(), console::err);
        }
        assertTrue(console.err().contains("capture is cancelled at " + ONE + "\n"), console.err());
        assertTrue(console.err().contains(ONE + "  failed  cancelled: "), console.err());
        List<Message> cancels = broker.published().stream()
                .filter(message -> message.topic().endsWith("/cmd/cancel"))
                .toList();
        assertEquals(
                List.of(ONE + "/cmd/cancel"),
                cancels.stream().map(Message::topic).toList());
        Message capture = broker.published().stream()
                .filter(message -> message.topic().endsWith("/cmd/capture"))
                .findFirst()
                .orElseThrow();
        assertEquals(
                Base64Url.encode(capture.correlation().orElseThrow()),
                Json.read(cancels.get(0).payload()).string("id"));
    }

    private Trusting trusting() {
        return Trusting.allTo(root, operator, "dwr", "world");
    }
}
