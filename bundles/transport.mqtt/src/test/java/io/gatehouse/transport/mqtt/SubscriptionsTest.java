package io.gatehouse.transport.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttConnect;
import org.eclipse.paho.mqttv5.common.packet.MqttPublish;
import org.eclipse.paho.mqttv5.common.packet.MqttSubscribe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a connection listens to. */
class SubscriptionsTest extends WithBroker {
    @Test
    void announcesItselfWhenItsSubscriptionsAreHeldAndBeforeAnythingElse() throws Exception {
        somebody.online = Optional.of(Somebody.text("status", "online").retained());
        somebody.publishNumbers(1, 1);
        open();
        await().until(() -> broker.packets().size() >= 4);
        assertInstanceOf(MqttConnect.class, broker.packets().get(0));
        assertInstanceOf(MqttSubscribe.class, broker.packets().get(1));
        MqttPublish first = assertInstanceOf(MqttPublish.class, broker.packets().get(2));
        assertEquals("status", first.getTopicName());
        assertTrue(first.getMessage().isRetained());
    }

    @Test
    void subscribesAgainOnlyWhereTheSessionIsGone() throws Exception {
        broker.keepingSessions();
        open();
        await().until(() -> somebody.connections.get() == 1);
        broker.cut();
        await().until(() -> somebody.connections.get() == 2);
        assertEquals(1, broker.got(MqttSubscribe.class).size(), "at a start nobody knows what the session holds");
        somebody.filters = List.of("down/#", "more/#");
        broker.cut();
        await().until(() -> somebody.connections.get() == 3);
        assertEquals(2, broker.got(MqttSubscribe.class).size());
    }

    @Test
    void saysWhichSubscriptionIsRefused() {
        broker.answeringSubscribe(0x87);
        open();
        await().until(() -> !somebody.troubles.isEmpty());
        assertEquals(
                broker.uri() + " refuses the subscription to down/#: not authorized (0x87)", somebody.troubles.get(0));
        assertEquals(0, somebody.connections.get());
    }

    @Test
    void asksForWhatIsRetainedWithItsFirstConnectionAlsoWhereASessionIsKept() {
        broker.keepingSessions();
        open();
        await().until(() -> somebody.connections.get() == 1);
        assertEquals(
                0, broker.got(MqttSubscribe.class).get(0).getSubscriptions()[0].getRetainHandling());
    }

    @Test
    void subscribesAtOnceToWhatIsNewWhileItIsConnected() {
        open();
        await().until(() -> somebody.connections.get() == 1);
        somebody.filters = List.of("down/#", "more/#");
        somebody.filtersChanged.run();
        await().until(() -> subscribed().size() == 2);
        assertEquals(List.of(List.of("down/#"), List.of("more/#")), subscribed());
        assertEquals(1, somebody.connections.get());
        assertEquals(List.of(), somebody.troubles);
    }

    @Test
    void holdsWhatCameInBetweenWithTheNextConnectionToo() throws Exception {
        open();
        await().until(() -> somebody.connections.get() == 1);
        somebody.filters = List.of("down/#", "more/#");
        somebody.filtersChanged.run();
        await().until(() -> subscribed().size() == 2);
        broker.cut();
        await().until(() -> somebody.connections.get() == 2);
        assertEquals(List.of("down/#", "more/#"), subscribed().get(2));
    }

    @Test
    void doesNothingWhenFiltersChangeForAConnectionThatIsGone() throws Exception {
        broker.keepingSessions();
        open();
        await().until(() -> somebody.connections.get() == 1);
        Runnable gone = somebody.filtersChanged;
        broker.cut();
        await().until(() -> somebody.connections.get() == 2);
        somebody.filters = List.of("down/#", "more/#");
        gone.run();
        await().during(NOTHING_MORE).until(() -> subscribed().size() == 1);
    }

    @ParameterizedTest
    @CsvSource({
        "0x80, unspecified error (0x80)",
        "0x83, implementation specific error (0x83)",
        "0x87, not authorized (0x87)",
        "0x97, quota exceeded (0x97)",
        "0xA2, wildcard subscriptions not supported (0xA2)"
    })
    void holdsTheOthersWhereOneIsRefusedAndAsksForThatAgain(int code, String words) throws Exception {
        somebody.filters = List.of("down/#", "secret/#", "more/#");
        broker.keepingSessions().answeringAt("secret/#", code);
        try (Logged logged = new Logged(Subscriptions.class)) {
            open();
            await().until(() -> subscribed().size() == 2);
            assertEquals(List.of("secret/#"), subscribed().get(1), "the others are held");
            broker.answeringAt("secret/#", 1);
            await().until(() -> logged.texts().size() == 2);
            assertEquals(
                    List.of(
                            broker.uri() + " refuses the subscription to secret/#: " + words + "; what is published"
                                    + " there does not arrive",
                            broker.uri() + " now takes the subscription to secret/#"),
                    logged.texts());
        }
        assertEquals(1, somebody.connections.get());
        assertEquals(List.of(), somebody.troubles);
    }

    @Test
    void goesOnWhereANewSubscriptionIsRefused() {
        open();
        await().until(() -> somebody.connections.get() == 1);
        broker.answeringAt("more/#", 0x97);
        somebody.filters = List.of("down/#", "more/#");
        somebody.filtersChanged.run();
        await().until(() -> subscribed().size() == 3);
        assertEquals(List.of(List.of("down/#"), List.of("more/#"), List.of("more/#")), subscribed());
        assertEquals(1, somebody.connections.get());
        assertEquals(List.of(), somebody.troubles);
    }

    @Test
    void saysThatTheBrokerLostTheSession() throws Exception {
        try (Logged logged = new Logged(MqttConnection.class)) {
            open();
            await().until(() -> somebody.connections.get() == 1);
            assertEquals(List.of(), logged.texts());
            broker.cut();
            await().until(() -> somebody.connections.get() == 2);
            assertEquals(
                    List.of(broker.uri() + " lost the session of somebody, and with it what came meanwhile and is not"
                            + " retained"),
                    logged.texts());
        }
    }

    private List<List<String>> subscribed() {
        return broker.got(MqttSubscribe.class).stream()
                .map(packet -> Stream.of(packet.getSubscriptions())
                        .map(MqttSubscription::getTopic)
                        .toList())
                .toList();
    }
}
