package io.gatehouse.transport.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.paho.mqttv5.common.packet.MqttConnect;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttPublish;
import org.eclipse.paho.mqttv5.common.packet.MqttSubscribe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a connection does with a broker that has limits. */
class LimitsTest extends WithBroker {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 20})
    void neverSendsMoreThanTheBrokerAllowsAtATime(int receiveMaximum) throws Exception {
        MqttProperties limit = new MqttProperties();
        limit.setReceiveMaximum(receiveMaximum);
        broker.granting(limit).withoutAcknowledging();
        somebody.publishNumbers(1, 50);
        open();
        awaitTexts(1, receiveMaximum);
        broker.acknowledge(broker.got(MqttPublish.class).get(0));
        awaitTexts(1, receiveMaximum + 1);
        await().until(() -> somebody.acknowledged.get() == 1);
    }

    @Test
    void takesAReceiveMaximumAbove32767ForWhatItIs() throws Exception {
        MqttProperties limit = new MqttProperties();
        limit.setReceiveMaximum(65_535);
        broker.granting(limit).withoutAcknowledging();
        somebody.publishNumbers(1, 50);
        open(settings -> settings.withBounds(60, 32, 7, Duration.ZERO));
        awaitTexts(1, 7);
    }

    @Test
    void neverSendsTopicAliases() throws Exception {
        MqttProperties offer = new MqttProperties();
        offer.setTopicAliasMaximum(10);
        broker.granting(offer);
        somebody.publishNumbers(1, 5);
        open();
        await().until(() -> somebody.acknowledged.get() == 5);
        for (MqttPublish publish : broker.got(MqttPublish.class)) {
            assertEquals("up", publish.getTopicName());
            assertNull(publish.getProperties().getTopicAlias());
        }
    }

    @Test
    void dropsWhatTheBrokerRefusesForGoodAndSaysSoToWhoseItIs() throws Exception {
        broker.answeringPublish(0x99);
        somebody.publishNumbers(1, 2);
        open();
        await().until(() -> somebody.refused.get() == 2);
        assertEquals(List.of(), somebody.troubles);
        assertEquals(numbers(1, 2), broker.texts());
    }

    @Test
    void dropsWhatNoBrokerCanTake() throws Exception {
        MqttProperties limit = new MqttProperties();
        limit.setMaximumPacketSize(100L);
        broker.granting(limit);
        somebody.put(Somebody.text("up", "x".repeat(100)));
        somebody.put(Somebody.text("up/#", "wild"));
        somebody.put(Somebody.text("up", "long").with("x", "y".repeat(70_000)));
        somebody.put(Somebody.text("up", "wild").answeredAt("reply/#", new byte[] {1}));
        somebody.put(Somebody.text("up", "long").answeredAt("reply", new byte[70_000]));
        somebody.put(Somebody.text("up", "fits"));
        open();
        await().until(() -> somebody.refused.get() == 5 && somebody.acknowledged.get() == 1);
        assertEquals(List.of("fits"), broker.texts());
        assertEquals(List.of(), somebody.troubles);
    }

    @Test
    void subscribesInPacketsThatTheBrokerTakes() throws Exception {
        MqttProperties limit = new MqttProperties();
        limit.setMaximumPacketSize(100L);
        broker.granting(limit);
        somebody.filters = List.of("a/" + "x".repeat(40), "b/" + "x".repeat(40), "c/" + "x".repeat(40));
        open();
        await().until(() -> broker.got(MqttSubscribe.class).size() == 2);
        somebody.publishNumbers(1, 1);
        await().until(() -> somebody.acknowledged.get() == 1);
        assertEquals(List.of(), somebody.troubles);
    }

    @Test
    void saysWhichMessageWasTooLargeAndForWhichLimit() throws Exception {
        MqttProperties limit = new MqttProperties();
        limit.setMaximumPacketSize(100L);
        broker.granting(limit);
        somebody.put(Somebody.text("up/high", "x".repeat(100)));
        try (Logged logged = new Logged(Complaints.class)) {
            open();
            await().until(() -> somebody.refused.get() == 1);
            assertEquals(
                    List.of("messages at up/high are dropped: its 136 bytes are more than the broker takes: 100"),
                    logged.texts());
        }
    }

    @Test
    void saysHowLargeAPacketItTakes() {
        open();
        await().until(() -> somebody.connections.get() == 1);
        assertEquals(
                327_680L, broker.got(MqttConnect.class).get(0).getProperties().getMaximumPacketSize());
    }

    @Test
    void sendsMoreThanItTakesItself() {
        somebody.put(Somebody.text("up", "x".repeat(300_000)));
        open(settings -> settings.withMaximumPacketSize(278_528));
        await().until(() -> somebody.acknowledged.get() == 1);
        assertEquals(300_000, broker.texts().get(0).length());
        assertEquals(List.of(), somebody.troubles);
    }

    @Test
    void saysOnceWhatTheBrokerDoesNotDo() throws Exception {
        MqttProperties little = new MqttProperties();
        little.setReceiveMaximum(2);
        little.setMaximumPacketSize(4096L);
        little.setMaximumQoS(0);
        little.setRetainAvailable(false);
        little.setSessionExpiryInterval(60L);
        broker.granting(little).keepingSessions();
        try (Logged logged = new Logged(MqttConnection.class)) {
            open();
            await().until(() -> somebody.connections.get() == 1);
            broker.cut();
            await().until(() -> somebody.connections.get() == 2);
            assertEquals(
                    Stream.of(
                                    "takes no more than 2 messages at a time: all others wait",
                                    "takes no packet of more than 4096 bytes: messages that do not fit are dropped",
                                    "acknowledges nothing (its Maximum QoS is 0): what is on its way when a connection"
                                            + " is lost is lost",
                                    "retains nothing: status and reports reach only who listens at that moment",
                                    "keeps what comes while this device is away for 60 s, of the 3600 s it was asked"
                                            + " for")
                            .map(what -> broker.uri() + " " + what)
                            .toList(),
                    logged.texts());
        }
    }

    @Test
    void sendsNothingRetainedAndNothingToBeAcknowledgedWhereTheBrokerDoesNeither() throws Exception {
        MqttProperties little = new MqttProperties();
        little.setMaximumQoS(0);
        little.setRetainAvailable(false);
        broker.granting(little);
        somebody.put(Somebody.text("up", "report").retained());
        open();
        await().until(() -> somebody.acknowledged.get() == 1);
        MqttPublish publish = broker.got(MqttPublish.class).get(0);
        assertEquals(0, publish.getMessage().getQos());
        assertFalse(publish.getMessage().isRetained());
    }

    @Test
    void saysNothingOfABrokerThatDoesAll() throws Exception {
        try (Logged logged = new Logged(MqttConnection.class)) {
            open();
            await().until(() -> somebody.connections.get() == 1);
            assertEquals(List.of(), logged.texts());
        }
    }

    @Test
    void asksForNoTopicAliases() {
        open();
        await().until(() -> somebody.connections.get() == 1);
        assertNull(broker.got(MqttConnect.class).get(0).getProperties().getTopicAliasMaximum());
    }
}
