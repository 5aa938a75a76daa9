package io.gatehouse.dispatch;

import static io.gatehouse.dispatch.Gateway.bytes;
import static io.gatehouse.dispatch.Gateway.command;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.Bundle;

/** What becomes of a command that was being run when the gateway's process ended. */
@Timeout(60)
class CommandsResumedTest extends CommandsFixture {
    private final Semaphore begun = new Semaphore(0);
    private final Semaphore interrupted = new Semaphore(0);
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** What a handler knows of a command that it handled in a process before. */
    @FunctionalInterface
    private interface Known {
        Outcome of(String id) throws IOException, InterruptedException;
    }

    @Test
    void handlerSaysInTheNextProcessHowItEnded() throws InterruptedException {
        Gateway after = after(command("slow", "", "1"));
        assertEquals(0, after.sent.size(), "its handler is not there yet");
        after.handle("other", resuming(id -> Outcome.done(Map.of())));
        after.handle("slow", resuming(id -> Outcome.done(Map.of("id", id))));
        Message end = after.next();
        assertEquals("reply/me", end.topic());
        assertArrayEquals(bytes("1"), end.correlation().orElseThrow());
        Members body = Json.read(end.payload());
        assertEquals("done", body.string("state"));
        assertEquals(base64("1"), body.object("result").string("id"));
        assertEquals(List.of(base64("1")), asked);
        await().until(() -> after.alarms() <= 1); // none but the one that waited for the handler
        Gateway third = Gateway.stranger(state, after.store);
        third.handle("slow", resuming(id -> Outcome.done(Map.of())));
        third.pass(Duration.ZERO);
        third.pass(Commands.LONG_PATIENCE);
        assertEquals(0, third.sent.size(), "it is said once");
        assertEquals(1, asked.size());
    }

    @Test
    void handlerThatCannotKnowLeavesItAtInterrupted() throws InterruptedException {
        Gateway after = after(command("slow", "", "1"));
        after.handle("slow", invocation -> {
            throw new AssertionError("ran again");
        });
        assertInterrupted(after.reply());
    }

    @Test
    void isInterruptedWhereItsHandlerDoesNotComeWithinAMinute() throws InterruptedException {
        Gateway after = after(command("slow", "", "1"));
        after.pass(Commands.LONG_PATIENCE.minusMillis(1));
        assertEquals(0, after.sent.size());
        after.pass(Duration.ofMillis(1));
        assertInterrupted(after.reply());
        after.handle("slow", resuming(id -> Outcome.done(Map.of())));
        assertEquals(0, asked.size());
        assertEquals(0, after.alarms());
    }

    @Test
    void whatItsHandlerSaysIsOnFlashBeforeItCanLeave() throws InterruptedException {
        Gateway after = after(command("slow", "", "1"));
        List<MemoryStore> left = new CopyOnWriteArrayList<>();
        after.door = message -> {
            left.add(after.store.afterPowerCut());
            after.sent.add(message);
        };
        after.handle("slow", resuming(id -> Outcome.done(Map.of("restarts", 1))));
        Message told = after.next();
        Gateway third = Gateway.stranger(state, left.get(0));
        third.handle("slow", resuming(id -> Outcome.done(Map.of("restarts", 2))));
        third.pass(Duration.ZERO);
        assertArrayEquals(told.payload(), third.next().payload(), "told again, and alike");
        assertEquals(1, asked.size());
    }

    @Test
    void endsOnceWhateverItsHandlerThrows() throws InterruptedException {
        expect("io-error", id -> {
            throw new IOException("the log cannot be read");
        });
        expect("handler-error", id -> {
            throw new BadArgument("not as refused: it may have been done");
        });
        expect("handler-error", id -> {
            throw new StackOverflowError("deep");
        });
        expect("handler-error", id -> null);
        expect("handler-error", id -> Outcome.done(Map.of("x", new Object())));
        expect("interrupted", id -> {
            throw new InterruptedException();
        });
    }

    @Test
    void sameCommandThatComesMeanwhileGetsNothingAndThenThatEnd() throws InterruptedException {
        Message message = gateway.signed(command("slow", "", "1"));
        Gateway after = after(message);
        after.receive(message);
        Semaphore go = new Semaphore(0);
        after.handle("slow", resuming(id -> {
            go.acquire();
            return Outcome.done(Map.of("asked", asked.size()));
        }));
        await().until(() -> asked.size() == 1);
        after.receive(message);
        assertEquals(0, after.sent.size());
        go.release();
        Message end = after.next();
        after.receive(message);
        assertArrayEquals(end.payload(), after.next().payload());
        assertEquals(0, after.sent.size());
        assertEquals(1, asked.size());
    }

    @Test
    void cancelEndsItWhileItIsAskedAfterAndBefore() throws InterruptedException {
        Gateway after = after(command("slow", "", "1"));
        after.receive(command("cancel", "{\"id\":\"" + base64("1") + "\"}", "2"));
        assertProblem("failed", "cancelled", after.reply());
        assertEquals("done", after.reply().string("state"));

        Gateway another = after(command("slow", "", "3"));
        another.handle("slow", resuming(id -> hang()));
        await().until(() -> asked.size() == 1);
        another.receive(command("cancel", "{\"id\":\"" + base64("3") + "\"}", "4"));
        assertProblem("failed", "cancelled", another.reply());
        assertEquals("done", another.reply().string("state"));
        interrupted.acquire();
    }

    @Test
    void dispatcherThatIsReplacedMeanwhileLeavesItToTheNext() throws InterruptedException {
        Gateway after = after(command("slow", "", "1"));
        after.dispatcher.deactivate(); // while the handler is awaited
        Dispatcher second = after.again();
        after.pass(Duration.ZERO);
        after.handle(second, "slow", resuming(id -> hang()));
        await().until(() -> asked.size() == 1);
        second.deactivate(); // while it is asked
        interrupted.acquire();
        after.pass(Commands.LONG_PATIENCE);
        assertEquals(0, after.sent.size());
        Dispatcher third = after.again();
        after.pass(Duration.ZERO);
        after.handle(third, "slow", resuming(id -> Outcome.done(Map.of("dispatcher", 3))));
        assertEquals(3, after.reply().object("result").integer("dispatcher", 0, 9));
        third.deactivate();
        assertEquals(0, after.sent.size());
        assertEquals(2, asked.size());
    }

    /** The timer may have asked the journal before the dispatcher stopped. */
    @Test
    void whatIsFoundWhenTheDispatcherHasStoppedIsLeftToTheNext() throws InterruptedException {
        Gateway after = Gateway.stranger(state, left(command("slow", "", "1")));
        after.handle("slow", resuming(id -> Outcome.done(Map.of())));
        after.store.duringSync = after.dispatcher::deactivate;
        after.pass(Duration.ZERO);
        after.store.duringSync = () -> {};
        after.pass(Commands.LONG_PATIENCE);
        assertEquals(0, after.sent.size());
        assertEquals(0, asked.size());
        Dispatcher next = after.again();
        after.pass(Duration.ZERO);
        after.handle(next, "slow", resuming(id -> Outcome.done(Map.of())));
        assertEquals("done", after.reply().string("state"));
        next.deactivate();
    }

    @Test
    void whatTheSameProcessRanIsNotResumed() throws InterruptedException {
        left(command("slow", "", "1"));
        Dispatcher beside = gateway.again(); // as where the one before it was slow to note how it ended
        gateway.handle(beside, "slow", resuming(id -> Outcome.done(Map.of())));
        gateway.pass(Duration.ZERO);
        assertInterrupted(gateway.reply());
        gateway.pass(Commands.LONG_PATIENCE);
        assertEquals(0, asked.size());
        beside.deactivate();
    }

    @Test
    void replacedDispatcherEndsWhatRunsAndTheNextAsksNobody() throws InterruptedException {
        left(command("slow", "", "1"));
        gateway.dispatcher.deactivate();
        assertProblem("failed", "stopped", gateway.reply());
        Dispatcher next = gateway.again();
        gateway.handle(next, "slow", resuming(id -> Outcome.done(Map.of())));
        gateway.pass(Duration.ZERO);
        gateway.pass(Commands.LONG_PATIENCE);
        assertEquals(0, gateway.sent.size());
        assertEquals(0, asked.size());
        next.deactivate();
    }

    /** As where the command itself restarts the machine. */
    @Test
    void processThatEndsInOrderLeavesWhatRunsToTheNextAsOneThatIsCutOff() throws InterruptedException {
        left(command("slow", "", "1"));
        gateway.framework = Bundle.STOPPING;
        gateway.dispatcher.deactivate();
        interrupted.acquire();
        assertEquals(0, gateway.sent.size());
        Gateway after = Gateway.stranger(state, gateway.store);
        after.handle("slow", resuming(id -> Outcome.done(Map.of("restarted", true))));
        after.pass(Duration.ZERO);
        assertTrue(after.reply().object("result").bool("restarted", false));
    }

    @Test
    void processThatEndsInOrderMayStopTheHandlerFirst() throws InterruptedException {
        var handler = gateway.handle("slow", hanging());
        gateway.receive(command("slow", "", "1"));
        begun.acquire();
        gateway.framework = Bundle.STOPPING;
        gateway.dispatcher.removeHandler(handler);
        interrupted.acquire();
        gateway.dispatcher.deactivate();
        assertEquals(0, gateway.sent.size());
        Gateway after = Gateway.stranger(state, gateway.store);
        after.handle("slow", resuming(id -> Outcome.done(Map.of("restarted", true))));
        after.pass(Duration.ZERO);
        assertTrue(after.reply().object("result").bool("restarted", false));
    }

    @Test
    void whatHasNotBegunWhenTheProcessEndsInOrderIsStopped() throws InterruptedException {
        gateway.receive(command("unknown", "", "1"));
        gateway.framework = Bundle.STOPPING;
        gateway.dispatcher.deactivate();
        assertProblem("failed", "stopped", gateway.reply());
    }

    @Test
    void nobodyIsAskedWhenTheAnswerIsNotWantedAnyMore() throws InterruptedException {
        MemoryStore store = left(command("slow", "", "1").expiring(Duration.ofSeconds(90)));
        Gateway after = Gateway.stranger(state, store);
        after.handle("slow", resuming(id -> Outcome.done(Map.of())));
        after.clock.pass(Duration.ofSeconds(90));
        after.pass(Duration.ZERO);
        assertInterrupted(after.reply());
        after.pass(Commands.LONG_PATIENCE);
        assertEquals(0, asked.size());
        Gateway third = Gateway.stranger(state, store.afterPowerCut()); // of which the clock goes wrong
        third.handle("slow", resuming(id -> Outcome.done(Map.of())));
        third.pass(Duration.ZERO);
        assertInterrupted(third.reply()); // again, as flash does not know yet that it was told, and alike
        assertEquals(0, asked.size());
    }

    @Test
    void hasUntilItsSignatureEnds() throws InterruptedException {
        MemoryStore store = left(command("slow", "", "1").expiring(Duration.ofSeconds(90)));
        Gateway after = Gateway.stranger(state, store);
        after.clock.pass(Duration.ofSeconds(60));
        after.handle("slow", resuming(id -> hang()));
        after.pass(Duration.ZERO);
        await().until(() -> asked.size() == 1);
        after.pass(Duration.ofSeconds(29));
        assertEquals(0, after.sent.size());
        after.pass(Duration.ofSeconds(1));
        assertInterrupted(after.reply());
        interrupted.acquire();
    }

    @Test
    void hasTenMinutesAtMost() throws InterruptedException {
        Gateway after = after(command("slow", "", "1"));
        after.handle("slow", resuming(id -> hang()));
        await().until(() -> asked.size() == 1);
        after.pass(Duration.ofMinutes(10).minusMillis(1));
        assertEquals(0, after.sent.size());
        after.pass(Duration.ofMillis(1));
        assertInterrupted(after.reply());
        interrupted.acquire();
    }

    @Test
    void handlerThatGoesBeforeItIsAskedGivesWayToTheOneAfterIt() throws InterruptedException {
        Gateway after = after(command("slow", "", "1"));
        after.handle("hang", hanging());
        for (int i = 0; i < Crew.THREADS; i++) {
            after.receive(command("hang", "", "hang" + i));
        }
        begun.acquire(Crew.THREADS);
        var first = after.handle("slow", resuming(id -> Outcome.done(Map.of("by", 1))));
        after.dispatcher.removeHandler(first); // as it does when its configuration comes
        after.handle("slow", resuming(id -> Outcome.done(Map.of("by", 2))));
        after.receive(command("cancel", "{\"id\":\"" + base64("hang0") + "\"}", "2"));
        Message end = after.next();
        while (!new String(end.correlation().orElseThrow()).equals("1")) {
            end = after.next();
        }
        assertEquals(2, Json.read(end.payload()).object("result").integer("by", 0, 9));
        assertEquals(1, asked.size());
    }

    @Test
    void handlerThatGoesWhileItIsAskedLeavesItAtInterrupted() throws InterruptedException {
        Gateway after = after(command("slow", "", "1"));
        var handler = after.handle("slow", resuming(id -> hang()));
        await().until(() -> asked.size() == 1);
        after.dispatcher.removeHandler(handler);
        assertInterrupted(after.reply());
        interrupted.acquire();
    }

    @Test
    void manyThatAreToBeResumedTakeNoPlaceFromNewCommands() throws InterruptedException {
        gateway.handle("slow", hanging());
        int many = Crew.THREADS + Crew.WAITING;
        for (int i = 0; i < many; i++) {
            gateway.receive(command("slow", "", "slow" + i));
        }
        begun.acquire(Crew.THREADS);
        Gateway after = new Gateway(state, Gateway.D, "world/asia", gateway.store.afterPowerCut());
        after.receive(command("ping", "", "new"));
        after.handle("ping", invocation -> Outcome.done(Map.of()));
        assertEquals("done", after.reply().string("state"));
        after.pass(Commands.LONG_PATIENCE);
        for (int i = 0; i < many; i++) {
            assertInterrupted(after.reply());
        }
    }

    private void expect(String type, Known known) throws InterruptedException {
        Gateway after = after(command("slow", "", "id " + known.hashCode()));
        after.handle("slow", resuming(known));
        assertProblem("failed", type, after.reply());
        after.pass(Commands.LONG_PATIENCE);
        assertEquals(0, after.sent.size());
        after.dispatcher.deactivate();
    }

    /** The same as where a handler leaves it at the default. */
    private static void assertInterrupted(Members reply) {
        CommandHandler any = invocation -> Outcome.done(Map.of());
        try {
            Outcome usual = any.resume("any");
            assertEquals(Reply.write(usual), reply.values());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The process after one that ended while it ran this, and the handler is not there yet. */
    private Gateway after(Message message) throws InterruptedException {
        gateway = new Gateway(state);
        Gateway after = new Gateway(state, Gateway.D, "world/asia", left(message));
        assertEquals(0, after.sent.size());
        return after;
    }

    /** What a process leaves that dies while it runs this. */
    private MemoryStore left(Message message) throws InterruptedException {
        gateway.handle("slow", hanging());
        gateway.receive(message);
        begun.acquire();
        return gateway.store.afterPowerCut();
    }

    private CommandHandler hanging() {
        return invocation -> {
            begun.release();
            return hang();
        };
    }

    private Outcome hang() throws InterruptedException {
        try {
            testIsOver.await();
            return Outcome.done(Map.of("but", "too late"));
        } catch (InterruptedException e) {
            interrupted.release();
            throw e;
        }
    }

    private CommandHandler resuming(Known known) {
        return new CommandHandler() {
            @Override
            public Outcome handle(Invocation invocation) {
                throw new AssertionError("ran again");
            }

            @Override
            public Outcome resume(String id) throws IOException, InterruptedException {
                asked.add(id);
                return known.of(id);
            }
        };
    }
}
