package io.gatehouse.terminal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An end that comes while the program is being started, whatever the start makes of it. */
@Timeout(60)
final class StartingTest {
    private static final Duration LONG = Duration.ofHours(1);

    /** In which order all happened. */
    private final List<String> steps = new CopyOnWriteArrayList<>();

    private final CountDownLatch hasBegun = new CountDownLatch(1);
    private final CountDownLatch mayGoOn = new CountDownLatch(1);
    private final Terminal terminal = new Terminal(
            new Terminal.Opening("one", Mode.SHELL, "root", LONG, Instant.EPOCH, Optional.empty(), "command"),
            new House());

    @Test
    void closesAProgramThatIsThereAllTheSameBeforeTheEndIsTold() throws Exception {
        FutureTask<Boolean> start = starting();
        terminal.end("closed");
        assertFalse(terminal.awaitEnd(Duration.ofMillis(200)), "ended while its program was being started");
        assertEquals(List.of("opened"), steps);
        mayGoOn.countDown();
        assertTrue(terminal.awaitEnd(LONG));
        assertEquals(
                List.of("opened", "interrupted", "program closed", "screen: closed", "shut", "closed", "gone"), steps);
        ExecutionException e = assertThrows(ExecutionException.class, start::get);
        assertEquals("terminal one ended before it was started", e.getCause().getMessage());
    }

    @Test
    void tellsTheStartBeforeTheEnd() throws Exception {
        mayGoOn.countDown();
        FutureTask<Boolean> start = starting();
        assertTrue(start.get());
        terminal.end("closed");
        assertTrue(terminal.awaitEnd(LONG));
        assertEquals(List.of("opened", "started", "program closed", "screen: closed", "shut", "closed", "gone"), steps);
    }

    @Test
    void leavesAThreadThatHasStartedItUninterrupted() throws Exception {
        Starting starting = new Starting();
        starting.settle();
        starting.over();
        assertTrue(starting.overtake(LONG));
        assertFalse(Thread.currentThread().isInterrupted());
    }

    private FutureTask<Boolean> starting() {
        terminal.open(new Shut());
        FutureTask<Boolean> start = new FutureTask<>(() -> {
            terminal.start("xterm", new Size(80, 24), new Looking());
            return true;
        });
        Thread thread = new Thread(start, "starting");
        thread.setDaemon(true);
        thread.start();
        await().until(() -> hasBegun.getCount() == 0);
        return start;
    }

    private final class House implements Surroundings {
        @Override
        public Limits limits() {
            return Place.LIMITS;
        }

        /** Waits, though it is interrupted, and comes to an end as if it was not. */
        @Override
        public Program start(Programs.Start start) {
            hasBegun.countDown();
            boolean isInterrupted = false;
            while (true) {
                try {
                    mayGoOn.await();
                    if (isInterrupted) {
                        steps.add("interrupted");
                    }
                    return new Silent();
                } catch (InterruptedException e) {
                    isInterrupted = true;
                }
            }
        }

        @Override
        public Optional<Recording> recording(Terminal.Opening opening, String term, Size size) {
            return Optional.empty();
        }

        @Override
        public void tell(Map<String, ?> event) {
            steps.add(String.valueOf(event.get("state")));
        }

        @Override
        public void ended(Terminal which) {
            steps.add("gone");
        }
    }

    /** Shows nothing until it is closed. */
    private final class Silent implements Program {
        private final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public Optional<byte[]> output() throws InterruptedException {
            closed.await();
            return Optional.empty();
        }

        @Override
        public void input(byte[] bytes, int offset, int length) throws IOException {
            throw new IOException("nothing is taken");
        }

        @Override
        public void resize(Size size) {}

        @Override
        public OptionalInt exitCode() {
            return OptionalInt.empty();
        }

        @Override
        public void close() {
            steps.add("program closed");
            closed.countDown();
        }
    }

    private final class Looking implements Screen {
        @Override
        public void show(byte[] bytes) {}

        @Override
        public void ended(OptionalInt exitCode, String reason) {
            steps.add("screen: " + reason);
        }
    }

    private final class Shut implements Door {
        @Override
        public Map<String, ?> place() {
            return Map.of();
        }

        @Override
        public Map<String, ?> answer() {
            return Map.of();
        }

        @Override
        public String askersKey() {
            return "";
        }

        @Override
        public String devicesKey() {
            return "";
        }

        @Override
        public void close() {
            steps.add("shut");
        }
    }
}
