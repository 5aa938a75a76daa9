package io.gatehouse.dispatch;

import static io.gatehouse.dispatch.Gateway.command;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CommandsDeliveredAgainTest extends CommandsFixture {
    @Test
    void commandThatIsDeliveredAgainIsNotRunAgainButItsEndIsSentAgain() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        gateway.handle("count", invocation -> Outcome.done(Map.of("runs", runs.incrementAndGet())));
        Message message = command("count", "{}", "1");
        gateway.receive(message);
        Message first = gateway.next();
        gateway.receive(message);
        Message second = gateway.next();
        assertArrayEquals(first.payload(), second.payload());
        assertArrayEquals(
                first.correlation().orElseThrow(), second.correlation().orElseThrow());
        assertEquals(1, runs.get());
    }

    @Test
    void commandThatIsDeliveredAgainWhileItRunsHasOneEnd() throws InterruptedException {
        Semaphore go = new Semaphore(0);
        AtomicInteger runs = new AtomicInteger();
        gateway.handle("slow", invocation -> {
            runs.incrementAndGet();
            go.acquire();
            return Outcome.done(Map.of());
        });
        gateway.handle("ping", invocation -> Outcome.done(Map.of("ping", true)));
        gateway.receive(command("slow", "", "1"));
        gateway.receive(command("slow", "", "1"));
        gateway.receive(command("ping", "", "2"));
        assertTrue(gateway.reply().object("result").has("ping"));
        go.release(2);
        assertEquals("done", gateway.reply().string("state"));
        gateway.receive(command("ping", "", "3"));
        assertTrue(gateway.reply().object("result").has("ping"), "nothing came in between");
        assertEquals(1, runs.get());
    }

    @Test
    void refusesSameIdentityWithOtherPayloadOrTopic() throws InterruptedException {
        gateway.handle("ping", invocation -> Outcome.done(Map.of()));
        gateway.handle("reboot", invocation -> {
            throw new AssertionError("ran");
        });
        gateway.receive(command("ping", "{}", "1"));
        assertEquals("done", gateway.reply().string("state"));
        gateway.receive(command("ping", "{\"a\":1}", "1"));
        assertProblem("refused", "identity-reused", gateway.reply());
        gateway.receive(command("reboot", "{}", "1"));
        assertProblem("refused", "identity-reused", gateway.reply());
        gateway.receive(command("ping", "{}", "1"));
        assertEquals("done", gateway.reply().string("state"), "the first end stands");
    }

    @Test
    void commandThatExpiredIsNotRunAgainEither() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        gateway.handle("count", invocation -> Outcome.done(Map.of("runs", runs.incrementAndGet())));
        Message message = gateway.signed(command("count", "", "1").expiring(Duration.ofSeconds(90)));
        gateway.receive(message);
        assertEquals(1, gateway.reply().object("result").integer("runs", 0, 9));
        gateway.pass(Duration.ofSeconds(89));
        gateway.receive(message);
        assertEquals(1, gateway.reply().object("result").integer("runs", 0, 9));
        gateway.pass(Duration.ofSeconds(1));
        gateway.receive(message);
        assertProblem("refused", "expired", gateway.reply());
        gateway.clock.set(Gateway.NOW); // somebody set it back
        gateway.receive(message);
        assertEquals(1, gateway.reply().object("result").integer("runs", 0, 9));
        assertEquals(1, runs.get());
    }

    @Test
    void neitherRestartNorPowerCutLetsACommandRunAgain() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        gateway.handle("count", invocation -> Outcome.done(Map.of("runs", runs.incrementAndGet())));
        Message message = gateway.signed(command("count", "", "1"));
        gateway.receive(message);
        Message first = gateway.next();
        Gateway after = new Gateway(state, Gateway.D, "world/asia", gateway.store);
        after.handle("count", invocation -> Outcome.done(Map.of("runs", runs.incrementAndGet())));
        after.receive(message);
        assertArrayEquals(first.payload(), after.next().payload());
        Gateway afterPowerCut = new Gateway(state, Gateway.D, "world/asia", gateway.store.afterPowerCut());
        afterPowerCut.handle("count", invocation -> Outcome.done(Map.of("runs", runs.incrementAndGet())));
        afterPowerCut.receive(message);
        assertArrayEquals(first.payload(), afterPowerCut.next().payload());
        assertEquals(1, runs.get());
    }

    @Test
    void commandThatAProcessLeftUnfinishedHasOneEndAfterTheNextStart() throws InterruptedException {
        Semaphore begun = new Semaphore(0);
        gateway.handle("slow", invocation -> {
            begun.release();
            testIsOver.await();
            return Outcome.done(Map.of());
        });
        gateway.receive(command("slow", "", "1"));
        begun.acquire();
        Gateway after = new Gateway(state, Gateway.D, "world/asia", gateway.store.afterPowerCut());
        after.pass(Commands.LONG_PATIENCE);
        Message end = after.next();
        assertEquals("reply/me", end.topic());
        assertArrayEquals(Gateway.bytes("1"), end.correlation().orElseThrow());
        assertProblem("failed", "interrupted", Json.read(end.payload()));
        Gateway third = new Gateway(state, Gateway.D, "world/asia", after.store);
        third.handle("ping", invocation -> Outcome.done(Map.of()));
        third.receive(command("ping", "", "2"));
        assertEquals("done", third.reply().string("state"), "it is said once");
    }

    /** A transport is faster than flash: the answer may be out before the outbox has written it. */
    @Test
    void endIsOnFlashBeforeItsAnswerCanLeave() throws InterruptedException {
        List<MemoryStore> left = new CopyOnWriteArrayList<>();
        gateway.door = message -> {
            left.add(gateway.store.afterPowerCut());
            gateway.sent.add(message);
        };
        gateway.handle("ping", invocation -> Outcome.done(Map.of()));
        gateway.receive(command("ping", "", "1"));
        assertEquals("done", gateway.reply().string("state"));
        Gateway after = new Gateway(state, Gateway.D, "world/asia", left.get(0));
        assertEquals("done", after.reply().string("state"), "told again, and alike");
    }

    @Test
    void endThatTheOutboxDidNotTakeIsToldByTheNextDispatcherOnce() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        gateway.handle("count", invocation -> Outcome.done(Map.of("runs", runs.incrementAndGet())));
        gateway.door = message -> {
            throw new IllegalStateException("this outbox was replaced");
        };
        gateway.receive(command("count", "", "1"));
        await().untilAtomic(runs, org.hamcrest.Matchers.equalTo(1));
        gateway.dispatcher.deactivate();
        gateway.door = gateway.sent::add;
        Dispatcher next = gateway.again();
        gateway.pass(Duration.ZERO);
        assertEquals(1, gateway.reply().object("result").integer("runs", 0, 9));
        next.deactivate();
        gateway.again();
        gateway.pass(Duration.ZERO);
        assertEquals(0, gateway.sent.size(), "it was told");
        assertEquals(1, runs.get());
    }

    @Test
    void dispatcherIsThereBeforeTheStoreIsOpen() throws InterruptedException {
        gateway.handle("ping", invocation -> Outcome.done(Map.of()));
        gateway.receive(command("ping", "", "1"));
        gateway.next();
        await().untilAsserted(() -> assertEquals(0, untold()));
        int uses = gateway.store.uses.get();
        gateway.again();
        assertEquals(uses, gateway.store.uses.get());
    }

    @Test
    void unfinishedCommandThatComesBeforeItsEndIsToldIsNotRunAndHasOneEnd() throws InterruptedException {
        Message message = gateway.signed(command("slow", "", "1"));
        Gateway after = Gateway.stranger(state, left(message));
        after.handle("slow", invocation -> {
            throw new AssertionError("ran again");
        });
        after.receive(message);
        assertEquals(0, after.sent.size());
        after.pass(Duration.ZERO);
        assertProblem("failed", "interrupted", after.reply());
        after.receive(message);
        assertProblem("failed", "interrupted", after.reply());
        after.pass(Duration.ZERO);
        assertEquals(0, after.sent.size());
    }

    @Test
    void endThatIsToldBecauseTheCommandCameAgainIsNotToldTwice() throws InterruptedException {
        Message message = gateway.signed(command("ping", "", "1"));
        endUntold(message);
        Gateway after = Gateway.stranger(state, gateway.store);
        after.receive(message);
        assertEquals("done", after.reply().string("state"));
        after.pass(Duration.ZERO);
        assertEquals(0, after.sent.size());
    }

    @Test
    void endIsToldAlsoWhereAnotherCommandComesBeforeAfterItExpired() throws InterruptedException {
        endUntold(command("ping", "", "1"));
        Gateway after = Gateway.stranger(state, gateway.store);
        after.clock.pass(Duration.ofDays(2));
        after.receive(command("cancel", "", "2"));
        assertProblem("refused", "bad-argument", after.reply());
        after.pass(Duration.ZERO);
        Message end = after.next();
        assertArrayEquals(Gateway.bytes("1"), end.correlation().orElseThrow());
    }

    @Test
    void dispatcherThatStoppedTellsNothingOfWhatTheNextOneRuns() throws InterruptedException {
        MemoryStore store = left(command("slow", "", "1"));
        Gateway stopped = Gateway.stranger(state, store);
        stopped.dispatcher.deactivate();
        int uses = store.uses.get();
        stopped.pass(Duration.ZERO);
        assertEquals(0, stopped.sent.size());
        assertEquals(uses, store.uses.get());
    }

    @Test
    void dispatcherThatStopsWaitsUntilTheOutboxHasWhatEnded() throws InterruptedException {
        Semaphore received = new Semaphore(0);
        Semaphore sending = new Semaphore(0);
        Semaphore sent = new Semaphore(0);
        gateway.handle("ping", invocation -> {
            received.acquire(); // what ended before receive returns is told on the thread of the test
            return Outcome.done(Map.of());
        });
        gateway.door = message -> {
            sending.release();
            sent.acquireUninterruptibly();
            gateway.sent.add(message);
        };
        gateway.receive(command("ping", "", "1"));
        received.release();
        sending.acquire();
        Thread stops = new Thread(gateway.dispatcher::deactivate);
        stops.start();
        await().until(() -> stops.getState() == Thread.State.TIMED_WAITING);
        sent.release();
        stops.join();
        assertEquals(1, gateway.sent.size());
    }

    @Test
    void whatMayHaveBeenForgottenIsNotRun() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        gateway.handle("count", invocation -> Outcome.done(Map.of("runs", runs.incrementAndGet())));
        Message first = gateway.signed(command("count", "", "first"));
        gateway.receive(first);
        gateway.next();
        for (int i = 0; i < 1100; i++) {
            gateway.pass(Duration.ofSeconds(1));
            gateway.receive(command("count", "", "id" + i));
            gateway.next();
        }
        gateway.receive(command("count", "", "id1099"));
        assertEquals(1101, gateway.reply().object("result").integer("runs", 0, 9999), "not run again");
        gateway.receive(first);
        assertProblem("refused", "forgotten", gateway.reply());
        Gateway after = new Gateway(state, Gateway.D, "world/asia", gateway.store);
        after.clock.set(gateway.clock.instant());
        after.receive(first);
        assertProblem("refused", "forgotten", after.reply());
        assertEquals(1101, runs.get());
    }

    @Test
    void commandThatCannotBeNotedIsNotRun() throws InterruptedException {
        gateway.handle("count", invocation -> {
            throw new AssertionError("ran");
        });
        gateway.store.isFull = true;
        gateway.receive(command("count", "", "1"));
        assertProblem("refused", "not-kept", gateway.reply());
    }

    @Test
    void deviceWhoseFlashFailsCanBeLookedInto() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        gateway.handle("count", invocation -> Outcome.done(Map.of("runs", runs.incrementAndGet())));
        gateway.store.isBroken = true;
        gateway.receive(command("count", "", "1"));
        assertEquals("done", gateway.reply().string("state"));
        gateway.receive(command("count", "", "1"));
        assertEquals("done", gateway.reply().string("state"));
        assertEquals(1, runs.get());
    }

    /** What a process leaves that dies while it runs this. */
    private MemoryStore left(Message message) throws InterruptedException {
        Semaphore begun = new Semaphore(0);
        gateway.handle("slow", invocation -> {
            begun.release();
            testIsOver.await();
            return Outcome.done(Map.of());
        });
        gateway.receive(message);
        begun.acquire();
        return gateway.store.afterPowerCut();
    }

    /** Runs it, and nobody is told how it ended. */
    private void endUntold(Message message) throws InterruptedException {
        gateway.handle("ping", invocation -> Outcome.done(Map.of()));
        CountDownLatch ended = new CountDownLatch(1);
        gateway.door = any -> {
            ended.countDown();
            throw new IllegalStateException("this outbox was replaced");
        };
        gateway.receive(message);
        ended.await();
        gateway.dispatcher.deactivate();
    }

    private long untold() throws IOException {
        long untold = 0;
        for (String key : gateway.store.keys()) {
            untold += key.startsWith("command.")
                            && !JournalEntry.read(gateway.store.get(key).orElseThrow())
                                    .told()
                    ? 1
                    : 0;
        }
        return untold;
    }
}
