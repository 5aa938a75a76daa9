package io.gatehouse.dispatch;

import static io.gatehouse.dispatch.Gateway.bytes;
import static io.gatehouse.dispatch.Gateway.command;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Json;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CommandsCutShortTest extends CommandsFixture {
    @Test
    void cancelEndsARunningCommandAsFailed() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        gateway.handle("slow", invocation -> {
            begun.countDown();
            try {
                testIsOver.await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return Outcome.done(Map.of("but", "too late"));
        });
        gateway.receive(command("slow", "", "victim"));
        begun.await();
        gateway.receive(command("cancel", "{\"id\":\"" + base64("victim") + "\"}", "2"));
        Message end = gateway.next();
        assertArrayEquals(bytes("victim"), end.correlation().orElseThrow());
        assertProblem("failed", "cancelled", Json.read(end.payload()));
        assertEquals("done", gateway.reply().string("state"));
        interrupted.await();
        gateway.receive(command("cancel", "{\"id\":\"" + base64("victim") + "\"}", "3"));
        assertProblem("refused", "not-running", gateway.reply());
        gateway.receive(command("slow", "", "victim"));
        assertProblem("failed", "cancelled", gateway.reply());
    }

    @Test
    void cancelNeedsAnId() throws InterruptedException {
        gateway.receive(command("cancel", "", "1"));
        assertProblem("refused", "bad-argument", gateway.reply());
    }

    @Test
    void commandThatTakesTooLongFailsAndItsThreadIsInterrupted() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        gateway.handle("slow", invocation -> {
            begun.countDown();
            testIsOver.await();
            return Outcome.done(Map.of());
        });
        gateway.receive(command("slow", "", "1").expiring(Duration.ofSeconds(5)));
        begun.await();
        gateway.pass(Duration.ofSeconds(4));
        assertEquals(0, gateway.sent.size());
        gateway.pass(Duration.ofSeconds(1));
        assertProblem("failed", "timed-out", gateway.reply());
        Awaitility.await("a thread that is given back").until(() -> gateway.alarms() == 0);
    }

    @Test
    void withoutExpiryACommandHasTenMinutes() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        gateway.handle("slow", invocation -> {
            begun.countDown();
            testIsOver.await();
            return Outcome.done(Map.of());
        });
        gateway.receive(command("slow", "", "1"));
        begun.await();
        gateway.pass(Duration.ofMinutes(10).minusMillis(1));
        assertEquals(0, gateway.sent.size());
        gateway.pass(Duration.ofMillis(1));
        assertProblem("failed", "timed-out", gateway.reply());
    }

    @Test
    void handlersThatNeverReturnDoNotTakeAllThreads() throws InterruptedException {
        Semaphore begun = new Semaphore(0);
        gateway.handle("hang", invocation -> {
            begun.release();
            while (testIsOver.getCount() > 0) {
                try {
                    testIsOver.await();
                } catch (InterruptedException e) {
                    continue; // it will not hear
                }
            }
            return Outcome.done(Map.of());
        });
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        gateway.handle("ping", invocation -> {
            threads.add(Thread.currentThread());
            return Outcome.done(Map.of());
        });
        for (int i = 0; i < Crew.THREADS; i++) {
            gateway.receive(command("hang", "", "hang" + i).expiring(Duration.ofSeconds(5)));
        }
        begun.acquire(Crew.THREADS);
        gateway.receive(command("ping", "", "waits").expiring(Duration.ofSeconds(3)));
        gateway.pass(Duration.ofSeconds(3));
        assertProblem("refused", "expired", gateway.reply());
        gateway.pass(Duration.ofSeconds(2));
        for (int i = 0; i < Crew.THREADS; i++) {
            assertProblem("failed", "timed-out", gateway.reply());
        }
        gateway.receive(command("ping", "", "after"));
        assertEquals("done", gateway.reply().string("state"));
        assertEquals(1, threads.size());
    }

    @Test
    void longCommandsDoNotLockOutTheRest() throws InterruptedException {
        Semaphore begun = new Semaphore(0);
        gateway.handle("long", invocation -> {
            begun.release();
            testIsOver.await();
            return Outcome.done(Map.of());
        });
        gateway.handle("ping", invocation -> Outcome.done(Map.of()));
        for (int i = 0; i < Crew.THREADS; i++) {
            gateway.receive(command("long", "", "long" + i));
        }
        begun.acquire(Crew.THREADS);
        gateway.receive(command("ping", "", "after a while"));
        gateway.pass(Commands.LONG);
        assertEquals("done", gateway.reply().string("state"));
    }

    @Test
    void refusesCommandsBeyondItsThreadsAndTheirQueue() throws InterruptedException {
        Semaphore begun = new Semaphore(0);
        gateway.handle("slow", invocation -> {
            begun.release();
            testIsOver.await();
            return Outcome.done(Map.of());
        });
        for (int i = 0; i < Crew.THREADS + Crew.WAITING; i++) {
            gateway.receive(command("slow", "", "slow" + i));
        }
        begun.acquire(Crew.THREADS);
        gateway.receive(command("slow", "", "one more"));
        Message reply = gateway.next();
        assertArrayEquals(bytes("one more"), reply.correlation().orElseThrow());
        assertProblem("refused", "busy", Json.read(reply.payload()));
    }

    @Test
    void commandFailsWhenItsHandlerGoes() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        var handler = gateway.handle("slow", invocation -> {
            begun.countDown();
            testIsOver.await();
            return Outcome.done(Map.of());
        });
        gateway.receive(command("slow", "", "1"));
        begun.await();
        gateway.dispatcher.removeHandler(handler);
        assertProblem("failed", "handler-gone", gateway.reply());
    }

    @Test
    void allThatRunsFailsWhenDispatchStops() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        gateway.handle("slow", invocation -> {
            begun.countDown();
            testIsOver.await();
            return Outcome.done(Map.of());
        });
        gateway.receive(command("slow", "", "1"));
        begun.await();
        gateway.dispatcher.deactivate();
        assertProblem("failed", "stopped", gateway.reply());
    }

    @Test
    void lateInterruptDoesNotHitTheNextCommand() throws InterruptedException {
        AtomicInteger cancelled = new AtomicInteger();
        gateway.handle("spin", invocation -> {
            Thread.currentThread().interrupt(); // as if cancelled while it returned
            return Outcome.done(Map.of());
        });
        gateway.handle("ask", invocation -> {
            if (Thread.currentThread().isInterrupted()) {
                cancelled.incrementAndGet();
            }
            return Outcome.done(Map.of());
        });
        for (int i = 0; i < 20; i++) {
            gateway.receive(command("spin", "", "spin" + i));
            gateway.next();
            gateway.receive(command("ask", "", "ask" + i));
            gateway.next();
        }
        assertEquals(0, cancelled.get());
    }

    @Test
    void realTimerEndsARealCommand() {
        AtomicInteger fired = new AtomicInteger();
        Timer timer = Timer.ofJava();
        Runnable stop = timer.after(Duration.ofMillis(20), fired::incrementAndGet);
        timer.after(Duration.ofMillis(20), fired::incrementAndGet);
        stop.run();
        await().untilAtomic(fired, org.hamcrest.Matchers.equalTo(1));
        await().during(Duration.ofMillis(100)).until(() -> fired.get() == 1);
    }

    @Test
    void taskOfTheRealTimerThatTakesLongHoldsUpNoOther() throws InterruptedException {
        CountDownLatch other = new CountDownLatch(1);
        CountDownLatch waited = new CountDownLatch(1);
        Timer timer = Timer.ofJava();
        timer.after(Duration.ofMillis(1), () -> {
            try {
                other.await();
                waited.countDown();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        timer.after(Duration.ofMillis(20), other::countDown);
        waited.await();
    }
}
