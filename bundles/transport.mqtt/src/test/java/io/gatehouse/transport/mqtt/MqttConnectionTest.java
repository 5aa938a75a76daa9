package io.gatehouse.transport.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.eclipse.paho.mqttv5.common.packet.MqttConnect;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttPubAck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a connection does with a broker that has limits and moods. */
class MqttConnectionTest extends WithBroker {
    @Test
    void returnsWhatWasNotAcknowledgedAndSendsItAgainInOrder() throws Exception {
        broker.withoutAcknowledging();
        somebody.publishNumbers(1, 5);
        open();
        awaitTexts(1, 5);
        broker.acknowledgingAgain().cut();
        await().until(() -> somebody.acknowledged.get() == 5);
        assertEquals(5, somebody.returned.get());
        assertEquals(numbers(1, 5), broker.texts().subList(5, 10));
        assertEquals(
                "connection to " + broker.uri() + " is lost: the broker closed the connection",
                somebody.troubles.get(0));
    }

    @Test
    void triesAgainLaterWhenTheBrokerIsFull() throws Exception {
        broker.answeringPublish(0x97);
        somebody.publishNumbers(1, Refusals.MOST + 1);
        open();
        await().until(() -> !somebody.troubles.isEmpty());
        broker.answeringPublish(0);
        await().until(() -> somebody.acknowledged.get() == Refusals.MOST + 1);
        assertEquals(
                broker.uri() + " does not take a message at up, nor others: quota exceeded (0x97)",
                somebody.troubles.get(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0x83, 0x97})
    void sendsOthersWhileTheBrokerDoesNotTakeOne(int code) throws Exception {
        MqttProperties one = new MqttProperties();
        one.setReceiveMaximum(1);
        broker.granting(one).answeringAt("up/poison", code);
        somebody.put(Somebody.text("up/poison", "poison"));
        somebody.publishNumbers(1, 20);
        try (Logged logged = new Logged(Complaints.class)) {
            open();
            await().until(() -> somebody.acknowledged.get() == 20);
            await().until(() -> Collections.frequency(broker.texts(), "poison") >= 2);
            assertEquals(1, logged.texts().size(), "told once: " + logged.texts());
            assertTrue(logged.texts().get(0).contains("does not take a message at up/poison"));
            broker.answeringAt("up/poison", 0);
            await().until(() -> somebody.acknowledged.get() == 21);
        }
        assertEquals(1, somebody.connections.get());
        assertEquals(List.of(), somebody.troubles);
    }

    @Test
    void saysThatItIsOnlineAgainWhereThatWasRefused() throws Exception {
        somebody.online = Optional.of(Somebody.text("status", "online").retained());
        broker.answeringAt("status", 0x97);
        open();
        await().until(() -> broker.texts().equals(List.of("online")));
        broker.answeringAt("status", 0);
        await().until(() -> {
            somebody.publishNumbers(1, 1);
            return broker.texts().lastIndexOf("online") > 0;
        });
        assertEquals(1, somebody.connections.get());
    }

    @Test
    void noticesThatAnAcknowledgementIsLostWhileTheBrokerIsAlive() throws Exception {
        broker.withoutAcknowledging();
        somebody.publishNumbers(1, 1);
        open(settings -> settings.withBounds(1, 32, 1, Duration.ZERO));
        await().until(() -> !somebody.troubles.isEmpty());
        broker.acknowledgingAgain();
        await().until(() -> somebody.acknowledged.get() == 1);
        assertEquals(
                "connection to " + broker.uri() + " is lost: the broker does not acknowledge a message within 2 s",
                somebody.troubles.get(0));
    }

    @ParameterizedTest
    @CsvSource({"0x87, not authorized (0x87)", "0x9A, retain not supported (0x9A)", "0x9B, QoS not supported (0x9B)"})
    void saysWhyItIsNotLetIn(int code, String words) {
        broker.answeringConnect(code);
        open();
        await().until(() -> !somebody.troubles.isEmpty());
        assertEquals("cannot connect to " + broker.uri() + ": " + words, somebody.troubles.get(0));
        assertEquals(0, somebody.connections.get());
    }

    @Test
    void saysThatABrokerSpeaksMqtt3Only() {
        broker.speakingMqtt3();
        open();
        await().until(() -> !somebody.troubles.isEmpty());
        assertEquals(
                "cannot connect to " + broker.uri() + ": the broker does not speak MQTT 5", somebody.troubles.get(0));
    }

    @Test
    void acknowledgesAMessageWhenItIsReceivedAndNotBefore() throws Exception {
        somebody.mayReceive = new CountDownLatch(1);
        open();
        await().until(() -> somebody.connections.get() == 1);
        broker.publish(77, "down/x", message(new MqttProperties()));
        await().during(NOTHING_MORE).until(() -> broker.got(MqttPubAck.class).isEmpty());
        somebody.mayReceive.countDown();
        await().until(() -> broker.got(MqttPubAck.class).size() == 1);
        assertEquals(77, broker.got(MqttPubAck.class).get(0).getMessageId());
        assertEquals(1, somebody.received.size());
    }

    @Test
    void noticesThatABrokerStandsStill() {
        broker.withoutAnsweringPings();
        open(settings -> settings.withBounds(1, 32, 100, Duration.ZERO));
        await().until(() -> !somebody.troubles.isEmpty());
        assertEquals(
                "connection to " + broker.uri() + " is lost: the broker does not answer", somebody.troubles.get(0));
    }

    @Test
    void startsCleanAfterWhatItCannotRead() throws Exception {
        broker.keepingSessions();
        open();
        await().until(() -> somebody.connections.get() == 1);
        MqttProperties unreadable = new MqttProperties();
        unreadable.setCorrelationData(new byte[40_000]);
        broker.publish(1, "down/x", message(unreadable));
        await().until(() -> somebody.connections.get() == 2);
        broker.cut();
        await().until(() -> somebody.connections.get() == 3);
        List<Boolean> clean = broker.got(MqttConnect.class).stream()
                .map(MqttConnect::isCleanStart)
                .toList();
        assertEquals(List.of(false, true, false), clean);
        assertTrue(somebody.troubles.get(0).contains("cannot be read"), somebody.troubles.get(0));
    }

    @Test
    void livesOnSixThreadsAndLeavesNone() {
        open();
        await().until(() -> somebody.connections.get() == 1);
        await().untilAsserted(() -> assertEquals(6, threads.names().size(), () -> "threads: " + threads.names()));
        connection.close();
        await().until(() -> threads.names().isEmpty());
    }
}
