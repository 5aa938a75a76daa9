package io.gatehouse.identity;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.enrollment.Token;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClaimingTest {
    private final Token token = Token.generate(
            DeviceName.parse("dwr/311-a1/7"),
            Optional.empty(),
            Sha256.of(new byte[0]),
            "A".repeat(43),
            new SecureRandom());
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger made = new AtomicInteger();
    private final List<Message> answers = new CopyOnWriteArrayList<>();
    private final List<Message> taken = new CopyOnWriteArrayList<>();
    private final Thread transport = new Thread(this::takeAll);
    private volatile boolean flashIsBroken;
    private final Claiming claiming = new Claiming(token, this::request, answers::add, nanos::get);

    @AfterEach
    void leave() {
        transport.interrupt();
    }

    @Test
    void claimsAtOnceAndWithEachConnectionAndEveryHalfMinute() throws InterruptedException {
        transport.start();
        awaitTaken(1);
        claiming.connected(() -> {});
        awaitTaken(2);
        await().during(Duration.ofMillis(200)).until(() -> taken.size() == 2);
        nanos.addAndGet(Duration.ofSeconds(31).toNanos());
        claiming.connected(() -> {}); // wakes it: its own waiting is in real time
        awaitTaken(3);
        assertEquals(1, made.get(), "the same request each time");
        assertEquals(Optional.of(Duration.ofSeconds(60)), taken.get(0).expiry());
    }

    @Test
    void claimsLaterWhereNoKeyCanBeMadeNow() {
        flashIsBroken = true;
        transport.start();
        await().until(() -> made.get() == 1);
        assertTrue(taken.isEmpty());
        flashIsBroken = false;
        claiming.connected(() -> {});
        awaitTaken(1);
    }

    @Test
    void takesAnswersToItsOwnClaimAlone() {
        claiming.receive(Message.json("claim/" + token.id() + "/certificate", new byte[0]));
        claiming.receive(Message.json("claim/other/certificate", new byte[0]));
        assertEquals(1, answers.size());
    }

    private byte[] request() throws IOException {
        made.incrementAndGet();
        if (flashIsBroken) {
            throw new IOException("read-only");
        }
        return new byte[] {1};
    }

    private void takeAll() {
        try {
            while (true) {
                taken.add(claiming.take().message());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitTaken(int count) {
        await().until(() -> taken.size() == count);
    }
}
