package io.gatehouse.terminal.stream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.protocol.stream.Arrival;
import io.gatehouse.protocol.stream.SealedStream;
import io.gatehouse.protocol.stream.StreamKey;
import io.gatehouse.terminal.Permitted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The door as an operator's end of the stream meets it. */
@Timeout(180)
final class StreamDoorTest {
    private static final String LOW_ORDER = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    @TempDir
    Path folder;

    private Permitted place;
    private Radio radio = new Radio(0);
    private final StreamKey key = StreamKey.generate();

    @BeforeEach
    void open() {
        place = new Permitted(folder);
    }

    @AfterEach
    void nothingIsLeft() {
        if (place != null) {
            place.close();
            assertEquals(List.of(), radio.topics());
            await().until(() -> place.threads().isEmpty());
        }
        radio.close();
    }

    @Test
    void givesAShellAndItsExitCodeAlsoWhereFramesGetLostOrComeTwice() throws Exception {
        badRadio(0.1);
        Map<String, ?> opened = opened(Map.of("term", "vt100", "columns", 101, "rows", 33));
        try (Asker asker = new Asker(key, opened, radio)) {
            assertEquals(List.of("stream/" + opened.get("id") + "/in"), radio.topics());
            assertEquals(List.of("opened"), place.states());
            asker.connected();
            asker.sees("$ ");
            asker.type("tty; stty size; echo \"<$TERM>\" grüße-$((40+2)); exit 7\n");
            assertEquals(new Arrival.Ended(7, "exit"), asker.ended());
            assertTrue(asker.seen().contains("echo \"<$TERM>\""), asker.seen());
            assertTrue(asker.seen().contains("/dev/pts/"), asker.seen());
            assertTrue(asker.seen().contains("33 101\r\n<vt100> grüße-42\r\n"), asker.seen());
        }
        Map<String, ?> closed = place.closed();
        assertEquals("exit", closed.get("reason"));
        assertEquals(7, closed.get("exit"));
        assertEquals(List.of("opened", "started", "closed"), place.states());
    }

    @Test
    void hasTheSizeOfTheAskersScreenAlsoWhenThatChanges() throws Exception {
        try (Asker asker = begun(Map.of())) {
            asker.type("stty size\n");
            asker.sees("24 80\r\n");
            asker.resize(132, 50);
            asker.type("until stty size | grep '^50 132'; do sleep 0.1; done\n");
            asker.sees("\n50 132\r\n");
        }
    }

    @Test
    void interruptsWhatRuns() throws Exception {
        try (Asker asker = begun(Map.of())) {
            String sleep = place.command("sleep", 3011);
            asker.type(sleep + "\n");
            await().until(() -> place.running(sleep) == 1);
            asker.type("\u0003");
            await().until(() -> place.running(sleep) == 0);
            asker.type("echo still-$((40+2))-here\n");
            asker.sees("still-42-here");
        }
    }

    @Test
    void keepsWithinItsBoundsWhenNobodyTakesWhatItShowsAndStillHearsCtrlC() throws Exception {
        try (Asker asker = begun(Map.of())) {
            asker.sees("$ ");
            asker.lookAway(true);
            String yes = place.command("yes", 3021);
            asker.type(yes + "\n");
            await().until(() -> place.running(yes) == 1);
            await().during(2, TimeUnit.SECONDS)
                    .atMost(30, TimeUnit.SECONDS)
                    .until(this::sent, sent -> sent.equals(sent()));
            // what the operator holds and what the device holds for it
            assertTrue(sent() <= 2 * (64 << 10) + 1000, "sent " + sent());
            asker.type("\u0003");
            await().until(() -> place.running(yes) == 0);
            asker.lookAway(false);
            asker.type("echo still-$((40+2))-here\n");
            asker.sees("still-42-here");
            assertTrue(radio.longest().compareTo(Duration.ofSeconds(1)) < 0, "a frame was kept for " + radio.longest());
        }
    }

    @Test
    void takesALongPasteWholeAndHoldsUpNobodyWhoBringsIt() throws Exception {
        Path file = folder.resolve("pasted");
        try (Asker asker = begun(Map.of())) {
            asker.type("stty -echo; cat > " + file + "; echo pasted-$((40+2))\n");
            String line = "0123456789".repeat(10) + "\n";
            asker.type(line.repeat(3000));
            asker.type("\u0004");
            asker.sees("pasted-42");
            assertEquals(3000L * line.length(), Files.size(file));
            assertTrue(radio.longest().compareTo(Duration.ofSeconds(1)) < 0, "a frame was kept for " + radio.longest());
        }
    }

    @Test
    void killsAllWhenNothingIsHeardOfTheAskerAlsoWhereTheProgramTakesNoInput() throws Exception {
        TerminalStream stream = new TerminalStream(place.terminals(), radio, Duration.ofSeconds(4));
        try (Asker asker = new Asker(key, done(stream, Map.of()), radio)) {
            asker.connected();
            String one = place.command("sleep", 3031);
            String two = place.command("sleep", 3032);
            asker.type("setsid nohup " + one + " >/dev/null 2>&1 & " + two + " & kill -STOP $PPID\n");
            await().pollInterval(100, TimeUnit.MILLISECONDS).until(() -> {
                asker.connected(); // as if it was heard all the time
                return place.running(one) + place.running(two) == 2;
            });
            Thread typing = asker.typeOn("x".repeat(300_000));
            await().during(1, TimeUnit.SECONDS)
                    .until(
                            () -> {
                                asker.connected();
                                return received();
                            },
                            received -> received > 60_000 && received == received());
            assertTrue(typing.isAlive());
            radio.cut();
            assertEquals("link", place.closed().get("reason"));
            assertEquals(0, place.running(one) + place.running(two));
        }
    }

    @Test
    void endsWhenTheAskerLeaves() throws Exception {
        try (Asker asker = begun(Map.of())) {
            String sleep = place.command("sleep", 3041);
            asker.type(sleep + "\n");
            await().until(() -> place.running(sleep) == 1);
            asker.leave();
            assertEquals("link", place.closed().get("reason"));
            assertEquals(0, place.running(sleep));
        }
    }

    @Test
    void endsAtItsTimeAndSaysSo() throws Exception {
        try (Asker asker = begun(Map.of("ttl", "PT3S"))) {
            assertEquals(new Arrival.Ended(255, "ttl"), asker.ended());
        }
        assertEquals("ttl", place.closed().get("reason"));
    }

    @Test
    void waitsForFramesOfTheAskersKeyAlone() throws Exception {
        Map<String, ?> opened = opened(Map.of());
        try (Asker stranger = new Asker(StreamKey.generate(), opened, radio)) {
            stranger.connected();
            radio.send("stream/" + opened.get("id") + "/in", new byte[0]);
            radio.send("stream/" + opened.get("id") + "/in", new byte[100_000]);
            await().until(() -> radio.toDevice().size() == 3);
            assertEquals("waiting", place.open().get(0).get("state"));
        }
        try (Asker asker = new Asker(key, opened, radio)) {
            asker.connected();
            asker.type("echo here-$((40+2))\n");
            asker.sees("here-42");
            List<byte[]> heard = List.copyOf(radio.toDevice());
            heard.forEach(frame -> radio.send("stream/" + opened.get("id") + "/in", frame));
            await().until(() -> radio.toDevice().size() >= 2 * heard.size());
            asker.type("echo once-$((40+3)); exit\n");
            assertEquals(new Arrival.Ended(0, "exit"), asker.ended());
            assertEquals(2, asker.seen().split("here-", -1).length - 1, asker.seen());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {LOW_ORDER, "AAAA", "ssh-ed25519 AAAA"})
    void refusesWhatIsNoKeyAndOpensNothing(String text) {
        TerminalStream stream = new TerminalStream(place.terminals(), radio, SealedStream.SILENCE);
        BadArgument refused = assertThrows(BadArgument.class, () -> stream.handle(place.asked(Map.of("key", text))));
        assertTrue(String.valueOf(refused.getMessage()).startsWith("key must be an X25519 public key"));
        assertTrue(String.valueOf(refused.getMessage()).endsWith(": " + text));
        assertEquals(List.of(), place.open());
        assertEquals(List.of(), place.states());
    }

    @Test
    void refusesAScreenThatIsNone() {
        TerminalStream stream = new TerminalStream(place.terminals(), radio, SealedStream.SILENCE);
        BadArgument refused = assertThrows(
                BadArgument.class, () -> stream.handle(place.asked(Map.of("key", key.publicKey(), "columns", 0))));
        assertEquals("columns must be from 1 to 65535: 0", refused.getMessage());
    }

    @Test
    void hasOneThreadOfTimeForAllStreamsAndNoneAfterwards() throws Exception {
        StreamKey other = StreamKey.generate();
        TerminalStream stream = new TerminalStream(place.terminals(), radio, SealedStream.SILENCE);
        done(stream, Map.of());
        done(stream, Map.of("key", other.publicKey()));
        assertEquals(
                1,
                place.threads().stream().filter("terminal-stream-ticks"::equals).count());
        assertEquals(2, radio.topics().size());
        place.endAll();
        assertEquals(List.of(), radio.topics());
        await().until(() -> place.threads().isEmpty());
    }

    private void badRadio(double loss) {
        radio.close();
        radio = new Radio(loss);
    }

    private long sent() {
        return (long) place.open().get(0).get("sent");
    }

    private long received() {
        return (long) place.open().get(0).get("received");
    }

    private Asker begun(Map<String, ?> more) throws Exception {
        Asker asker = new Asker(key, opened(more), radio);
        asker.connected();
        return asker;
    }

    private Map<String, ?> opened(Map<String, ?> more) throws IOException {
        return done(new TerminalStream(place.terminals(), radio, SealedStream.SILENCE), more);
    }

    private Map<String, ?> done(TerminalStream stream, Map<String, ?> more) throws IOException {
        Map<String, Object> arguments = new HashMap<>(Map.of("key", key.publicKey()));
        arguments.putAll(more);
        Outcome outcome = stream.handle(place.asked(arguments));
        if (outcome instanceof Outcome.Done done) {
            return done.result();
        }
        throw new AssertionError("not opened: " + outcome);
    }
}
