package io.gatehouse.dispatch;

import static io.gatehouse.dispatch.Gateway.bytes;
import static io.gatehouse.dispatch.Gateway.command;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CommandsTest {
    @TempDir
    Path state;

    private Gateway gateway;
    /** What hangs until the test is over. */
    private final CountDownLatch testIsOver = new CountDownLatch(1);

    @BeforeEach
    void begins() {
        gateway = new Gateway(state);
    }

    @AfterEach
    void ends() {
        testIsOver.countDown();
        gateway.dispatcher.deactivate();
    }

    // --- one end

    @Test
    void runsCommandAndAnswersWithTheSameCorrelationData() throws InterruptedException {
        gateway.handle(
                "echo",
                invocation ->
                        Outcome.done(Map.of("text", invocation.arguments().string("text"), "id", invocation.id())));
        gateway.receive(command("echo", "{\"text\":\"hello\"}", "id-1"));
        Message reply = gateway.next();
        assertEquals("reply/me", reply.topic());
        assertArrayEquals(bytes("id-1"), reply.correlation().orElseThrow());
        Members body = Json.read(reply.payload());
        assertEquals("done", body.string("state"));
        assertEquals("hello", body.object("result").string("text"));
        assertEquals(base64("id-1"), body.object("result").string("id"));
    }

    /** As {@code mosquitto_rr} sends it when it is not told otherwise. */
    @Test
    void answersCommandWithoutCorrelationData() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        gateway.handle("ping", invocation -> Outcome.done(Map.of("run", runs.incrementAndGet())));
        Message message = new Message(
                "dwr/311/7/cmd/ping",
                bytes("{}"),
                "",
                false,
                Optional.of("reply/x"),
                Optional.empty(),
                Optional.empty(),
                Map.of());
        gateway.receive(message);
        Message first = gateway.next();
        gateway.receive(message);
        Message second = gateway.next();
        assertEquals("reply/x", first.topic());
        assertEquals(Optional.empty(), first.correlation());
        assertEquals("{\"state\":\"done\",\"result\":{\"run\":1}}", new String(first.payload()));
        assertEquals("{\"state\":\"done\",\"result\":{\"run\":2}}", new String(second.payload()));
    }

    @Test
    void answersAtEveryScopeOfTheDevice() throws InterruptedException {
        gateway.handle("ping", invocation -> Outcome.done(Map.of()));
        gateway.receive(Message.json("world/cmd/ping", bytes("{}")).answeredAt("reply/x", bytes("1")));
        assertEquals("done", gateway.reply().string("state"));
    }

    @Test
    void endOfCommandWithoutResponseTopicIsAnEvent() throws InterruptedException {
        gateway.handle("ping", invocation -> Outcome.done(Map.of("pong", true)));
        gateway.receive(Message.json("dwr/cmd/ping", new byte[0]));
        Gateway.Said event = gateway.event();
        assertEquals("command", event.name());
        assertEquals("ping", event.members().string("command"));
        assertEquals("dwr/cmd/ping", event.members().string("topic"));
        assertEquals("done", event.members().string("state"));
        assertFalse(event.members().has("id"));
        assertEquals(0, gateway.sent.size());
    }

    @Test
    void answersNowhereButUnderReplyAndSaysSoOnce() throws InterruptedException {
        Semaphore ran = new Semaphore(0);
        gateway.handle("ping", invocation -> {
            ran.release();
            return Outcome.done(Map.of());
        });
        for (String topic : List.of("dwr/311/7/cmd/reboot", "reply", "reply/", "reply/#", "replying/x")) {
            gateway.receive(Message.json("dwr/311/7/cmd/ping", new byte[0]).answeredAt(topic, bytes(topic)));
        }
        ran.acquire(5);
        Gateway.Said event = gateway.event();
        assertEquals("security", event.name());
        assertEquals("response-topic", event.members().string("type"));
        gateway.receive(command("ping", "", "good"));
        assertArrayEquals(bytes("good"), gateway.next().correlation().orElseThrow());
        assertEquals(0, gateway.events.size());
    }

    @Test
    void refusesArgumentsThatAreNoObject() throws InterruptedException {
        gateway.handle("ping", invocation -> Outcome.done(Map.of()));
        for (String payload : List.of("[]", "{", "7", "{}{}")) {
            gateway.receive(command("ping", payload, payload));
            assertProblem("refused", "bad-argument", gateway.reply());
        }
    }

    @Test
    void endsOnceWhateverItsHandlerDoes() throws InterruptedException {
        expect("refused", "bad-argument", invocation -> {
            throw new BadArgument("host is missing");
        });
        expect("failed", "io-error", invocation -> {
            throw new IOException("no route");
        });
        expect("failed", "wrong-digest", invocation -> {
            throw new ArtifactUnavailable("wrong-digest", "it hashes to something else", null);
        });
        expect("failed", "handler-error", invocation -> {
            throw new StackOverflowError("deep");
        });
        expect("failed", "handler-error", invocation -> null);
        expect("failed", "handler-error", invocation -> Outcome.done(Map.of("x", new Object())));
        expect("failed", "interrupted", invocation -> {
            throw new InterruptedException();
        });
        expect("refused", "not-now", invocation -> Outcome.refused("not-now", "later"));
        expect("failed", "half-done", invocation -> Outcome.failed("half-done", "the rest is left"));
    }

    @Test
    void handlerThatCannotBeHadIsUnavailable() throws InterruptedException {
        gateway.handle("ping", null);
        gateway.receive(command("ping", "", "1"));
        assertProblem("refused", "unavailable", gateway.reply());
    }

    // --- which command

    @Test
    void refusesUnknownCommandAndNamesThoseItHas() throws InterruptedException {
        gateway.handle("reboot", invocation -> Outcome.done(Map.of()));
        gateway.receive(command("pnig", "", "1"));
        gateway.pass(Commands.PATIENCE);
        Members reply = gateway.reply();
        assertProblem("refused", "unknown-command", reply);
        String detail = reply.object("problem").string("detail");
        assertTrue(detail.contains("\"pnig\"") && detail.contains("cancel, reboot"), detail);
        assertEquals(0, gateway.alarms());
    }

    @Test
    void waitsAMomentForHandlerThatIsJustBeingStarted() throws InterruptedException {
        gateway.receive(command("ping", "", "1"));
        gateway.pass(Commands.PATIENCE.minusMillis(1));
        assertEquals(0, gateway.sent.size());
        gateway.handle("other", invocation -> Outcome.done(Map.of()));
        gateway.handle("ping", invocation -> Outcome.done(Map.of("late", true)));
        assertTrue(gateway.reply().object("result").bool("late", false));
    }

    @Test
    void secondHandlerOfACommandTakesOverWhenTheFirstGoes() throws InterruptedException {
        var first = gateway.handle("ping", invocation -> Outcome.done(Map.of("by", 1)));
        gateway.handle("ping", invocation -> Outcome.done(Map.of("by", 2)));
        gateway.receive(command("ping", "", "1"));
        assertEquals(1, gateway.reply().object("result").integer("by", 0, 9));
        gateway.dispatcher.removeHandler(first);
        gateway.receive(command("ping", "", "2"));
        assertEquals(2, gateway.reply().object("result").integer("by", 0, 9));
    }

    @Test
    void neverRunsRetainedCommand() throws InterruptedException {
        gateway.handle("ping", invocation -> {
            throw new AssertionError("ran");
        });
        gateway.receive(command("ping", "", "1").retained());
        assertProblem("refused", "retained", gateway.reply());
        assertEquals("retained-command", gateway.event().members().string("type"));
    }

    @Test
    void neverRunsExpiredCommand() throws InterruptedException {
        gateway.handle("ping", invocation -> {
            throw new AssertionError("ran");
        });
        gateway.receive(command("ping", "", "1").expiring(Duration.ZERO));
        assertProblem("refused", "expired", gateway.reply());
    }

    @Test
    void refusesCorrelationDataOfMoreThan64Bytes() throws InterruptedException {
        gateway.handle("ping", invocation -> Outcome.done(Map.of()));
        gateway.receive(command("ping", "", "x".repeat(65)));
        assertProblem("refused", "bad-argument", gateway.reply());
        gateway.receive(command("ping", "", "x".repeat(64)));
        assertEquals("done", gateway.reply().string("state"));
    }

    // --- delivered again

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
    void remembersACommandUntilItExpires() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        gateway.handle("count", invocation -> Outcome.done(Map.of("runs", runs.incrementAndGet())));
        Message message = command("count", "", "1").expiring(Duration.ofSeconds(90));
        gateway.receive(message);
        assertEquals(1, gateway.reply().object("result").integer("runs", 0, 9));
        gateway.pass(Duration.ofSeconds(89));
        gateway.receive(message);
        assertEquals(1, gateway.reply().object("result").integer("runs", 0, 9));
        gateway.pass(Duration.ofSeconds(1));
        gateway.receive(message);
        assertEquals(2, gateway.reply().object("result").integer("runs", 0, 9));
    }

    @Test
    void forgetsTheOldestEndsWhenThereAreTooMany() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        gateway.handle("count", invocation -> Outcome.done(Map.of("runs", runs.incrementAndGet())));
        for (int i = 0; i < 1100; i++) {
            gateway.receive(command("count", "", "id" + i));
            gateway.next();
        }
        gateway.receive(command("count", "", "id1099"));
        assertEquals(1100, gateway.reply().object("result").integer("runs", 0, 9999), "not run again");
        gateway.receive(command("count", "", "id0"));
        assertEquals(1101, gateway.reply().object("result").integer("runs", 0, 9999), "run again");
    }

    // --- progress

    @Test
    void tellsProgressOnlyWhereItWasAskedForAndNeverBackwardsNorTooOften() throws InterruptedException {
        gateway.handle("work", invocation -> {
            for (double ratio : new double[] {-1, 0.5, 0.25, Double.NaN, 7}) {
                invocation.progress(ratio, "at " + ratio);
                invocation.progress(0.99, "too soon");
                gateway.pass(Duration.ofMillis(200));
            }
            return Outcome.done(Map.of());
        });
        gateway.receive(command("work", "", "1").withProperties(Map.of("progress", "true")));
        List<String> told = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Members body = gateway.reply();
            told.add(body.string("state")
                    + body.value("progress")
                            .map(p -> " " + ((Number) p).doubleValue())
                            .orElse(""));
        }
        assertEquals(List.of("running 0.0", "running 0.5", "running 0.5", "running 0.5", "running 1.0", "done"), told);
        gateway.receive(command("work", "", "2"));
        assertEquals("done", gateway.reply().string("state"));
    }

    @Test
    void tellsNoProgressAfterTheEnd() throws InterruptedException {
        AtomicReference<Invocation> kept = new AtomicReference<>();
        gateway.handle("work", invocation -> {
            kept.set(invocation);
            return Outcome.done(Map.of());
        });
        gateway.receive(command("work", "", "1").withProperties(Map.of("progress", "true")));
        assertEquals("done", gateway.reply().string("state"));
        kept.get().progress(0.7, "from the grave");
        assertEquals(0, gateway.sent.size());
    }

    // --- cancel, deadline, loss

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
        assertEquals(0, gateway.alarms());
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

    private void expect(String state, String type, CommandHandler handler) throws InterruptedException {
        var reference = gateway.handle("it", handler);
        gateway.receive(command("it", "", "id " + handler.hashCode()));
        assertProblem(state, type, gateway.reply());
        gateway.dispatcher.removeHandler(reference);
        assertEquals(0, gateway.sent.size());
    }

    private static void assertProblem(String state, String type, Members reply) {
        assertEquals(state, reply.string("state"), () -> reply.values().toString());
        assertEquals(type, reply.object("problem").string("type"), () -> reply.values()
                .toString());
        assertFalse(reply.object("problem").string("detail").isBlank());
    }

    private static String base64(String id) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(id));
    }
}
