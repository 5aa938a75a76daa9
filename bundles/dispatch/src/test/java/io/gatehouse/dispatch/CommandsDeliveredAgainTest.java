package io.gatehouse.dispatch;

import static io.gatehouse.dispatch.Gateway.command;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import java.time.Duration;
import java.util.Map;
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
}
