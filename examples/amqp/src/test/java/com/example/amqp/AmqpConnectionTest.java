package com.example.amqp;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.apache.qpid.protonj2.engine.sasl.SaslOutcome;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.messaging.Accepted;
import org.apache.qpid.protonj2.types.messaging.Rejected;
import org.apache.qpid.protonj2.types.messaging.Released;
import org.apache.qpid.protonj2.types.messaging.TerminusDurability;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of each message, whatever the broker says. */
final class AmqpConnectionTest {
    private final Device device = new Device();
    private ScriptedBroker broker;
    private AmqpConnection connection;

    @BeforeEach
    void make() throws Exception {
        broker = new ScriptedBroker();
        connection = new AmqpConnection(broker.address(), SSLContext.getDefault(), device, device);
    }

    @AfterEach
    void close() throws IOException {
        connection.close();
        broker.close();
    }

    @Test
    void subscribesSaysThatItIsOnlineAndSendsInOrder() {
        connection.start();
        device.put("a", "b");
        await().until(() -> device.answers.size() == 2);
        assertEquals(List.of("d/status", "a", "b"), broker.received);
        assertEquals(List.of("d.cmd.* " + TerminusDurability.UNSETTLED_STATE), broker.subscribed);
        assertEquals(List.of("a acknowledged", "b acknowledged"), device.answers);
    }

    @Test
    void letsGoWhatTheBrokerWillNeverTakeAndGoesOn() {
        broker.answers.add(Accepted.getInstance());
        broker.answers.add(new Rejected(new ErrorCondition(Symbol.valueOf("amqp:not-allowed"), "no")));
        connection.start();
        device.put("a", "b");
        await().until(() -> device.answers.size() == 2);
        assertEquals(List.of("a refused amqp:not-allowed (no)", "b acknowledged"), device.answers);
        assertEquals(List.of(), device.troubles);
    }

    @Test
    void letsGoWhatIsLargerThanTheBrokerTakes() {
        broker.largest = 600;
        connection.start();
        device.put("a".repeat(700), "b");
        await().until(() -> device.answers.size() == 2);
        assertTrue(device.answers.get(0).contains("are more than the broker takes: 600"), device.answers.get(0));
        assertEquals("b acknowledged", device.answers.get(1));
    }

    @Test
    void sendsAgainWhatTheBrokerDoesNotTakeNow() {
        broker.answers.add(Accepted.getInstance());
        broker.answers.add(Released.getInstance());
        connection.start();
        device.put("a");
        await().until(() -> device.answers.contains("a acknowledged"));
        assertEquals(List.of("a returned", "a acknowledged"), device.answers);
        assertTrue(device.troubles.get(0).contains("does not take a message"), device.troubles.get(0));
    }

    @Test
    void comesBackWhereTheLineIsCut() throws IOException {
        connection.start();
        device.put("a");
        await().until(() -> device.answers.contains("a acknowledged"));
        broker.cut();
        await().until(() -> device.connections.get() == 2);
        device.put("b");
        await().until(() -> device.answers.contains("b acknowledged"));
        assertEquals(1, device.troubles.size());
    }

    @Test
    void subscribesToWhatIsWantedLater() {
        connection.start();
        await().until(() -> device.connections.get() == 1);
        device.filters = List.of("d/cmd/+", "d/stream/#");
        device.filtersChanged.run();
        await().until(() -> broker.subscribed.size() == 2);
        assertTrue(broker.subscribed.get(1).startsWith("d.stream.#"), broker.subscribed.toString());
    }

    @Test
    void saysWhyItIsNotLetIn() {
        broker.entry = SaslOutcome.SASL_AUTH;
        connection.start();
        await().until(() -> !device.troubles.isEmpty());
        assertTrue(device.troubles.get(0).contains("failed to authenticate"), device.troubles.get(0));
    }

    @Test
    void saysWhichSubscriptionIsRefused() {
        broker.refused = "d.cmd.*";
        connection.start();
        await().until(() -> !device.troubles.isEmpty());
        assertTrue(
                device.troubles.get(0).contains("refuses \"d.cmd.*\": amqp:unauthorized-access (not yours)"),
                device.troubles.get(0));
        assertEquals(0, device.connections.get());
    }
}
