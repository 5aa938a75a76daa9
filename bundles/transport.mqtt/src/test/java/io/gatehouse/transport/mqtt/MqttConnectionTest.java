package io.gatehouse.transport.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttConnect;
import org.eclipse.paho.mqttv5.common.packet.MqttDisconnect;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttPubAck;
import org.eclipse.paho.mqttv5.common.packet.MqttPublish;
import org.eclipse.paho.mqttv5.common.packet.MqttSubscribe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a connection does with a broker that has limits and moods. */
class MqttConnectionTest {
    private static final Duration NOTHING_MORE = Duration.ofMillis(300);

    private final Somebody somebody = new Somebody();
    private ScriptedBroker broker;
    private MqttConnection connection;

    @BeforeEach
    void listen() throws IOException {
        broker = new ScriptedBroker();
    }

    @AfterEach
    void close() throws IOException {
        if (connection != null) {
            connection.close();
        }
        broker.close();
    }

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
    void dropsWhatTheBrokerRefusesForGood() throws Exception {
        broker.answeringPublish(0x87);
        somebody.publishNumbers(1, 2);
        open();
        await().until(() -> somebody.acknowledged.get() == 2);
        assertEquals(List.of(), somebody.troubles);
        assertEquals(numbers(1, 2), broker.texts());
    }

    @Test
    void triesAgainLaterWhenTheBrokerIsFull() throws Exception {
        broker.answeringPublish(0x97);
        somebody.publishNumbers(1, 1);
        open();
        await().until(() -> !somebody.troubles.isEmpty());
        broker.answeringPublish(0);
        await().until(() -> somebody.acknowledged.get() == 1);
        assertEquals(broker.uri() + " does not take a message at up: quota exceeded (0x97)", somebody.troubles.get(0));
    }

    @Test
    void dropsWhatNoBrokerCanTake() throws Exception {
        MqttProperties limit = new MqttProperties();
        limit.setMaximumPacketSize(100L);
        broker.granting(limit);
        somebody.put(Somebody.text("up", "x".repeat(100)));
        somebody.put(Somebody.text("up/#", "wild"));
        somebody.put(Somebody.text("up", "long").withProperties(Map.of("x", "y".repeat(70_000))));
        somebody.put(Somebody.text("up", "fits"));
        open();
        await().until(() -> somebody.acknowledged.get() == 4);
        assertEquals(List.of("fits"), broker.texts());
        assertEquals(List.of(), somebody.troubles);
    }

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
    void saysWhyItIsNotLetIn() {
        broker.answeringConnect(0x87);
        open();
        await().until(() -> !somebody.troubles.isEmpty());
        assertEquals("cannot connect to " + broker.uri() + ": not authorized (0x87)", somebody.troubles.get(0));
        assertEquals(0, somebody.connections.get());
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
    void leavesWithItsWillWhereTheSessionIsKept() {
        somebody.will = Optional.of(Somebody.text("status", "offline"));
        assertEquals(0x04, reasonOfLeaving());
    }

    @Test
    void leavesWithoutAWordWhereNoSessionIsKept() {
        somebody.will = Optional.of(Somebody.text("status", "offline"));
        somebody.sessionExpiry = Duration.ZERO;
        assertEquals(0x00, reasonOfLeaving());
        assertTrue(broker.got(MqttConnect.class).get(0).isCleanStart());
    }

    @Test
    void letsWhatIsOnItsWayArriveBeforeItLeaves() throws Exception {
        broker.withoutAcknowledging();
        somebody.publishNumbers(1, 1);
        open();
        awaitTexts(1, 1);
        Thread closing = new Thread(connection::close);
        closing.start();
        broker.acknowledge(broker.got(MqttPublish.class).get(0));
        closing.join();
        assertEquals(1, somebody.acknowledged.get());
        assertEquals(0, somebody.returned.get());
        assertEquals(1, broker.got(MqttDisconnect.class).size());
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
        assertEquals(6, threads().size(), () -> "threads: " + threads());
        connection.close();
        await().until(() -> threads().isEmpty());
    }

    @Test
    void closesAtOnceWhileItPauses() throws IOException {
        broker.close();
        open();
        await().until(() -> somebody.troubles.size() >= 2);
        connection.close();
        assertFalse(threads().stream().anyMatch("mqtt connection"::equals));
    }

    private int reasonOfLeaving() {
        open();
        await().until(() -> somebody.connections.get() == 1);
        connection.close();
        await().until(() -> !broker.got(MqttDisconnect.class).isEmpty());
        return broker.got(MqttDisconnect.class).get(0).getReturnCode();
    }

    private void open() {
        open(settings -> settings);
    }

    private void open(UnaryOperator<MqttSettings> change) {
        MqttSettings settings = change.apply(MqttSettings.of(broker.uri()));
        connection = MqttConnection.open(settings, somebody, somebody, new SplittableRandom(1));
    }

    /** Waits for these numbers, and for a while that there are no more. */
    private void awaitTexts(int from, int to) {
        await().until(() -> broker.texts().size() >= to);
        await().during(NOTHING_MORE).until(() -> broker.texts().equals(numbers(from, to)));
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(String::valueOf).toList();
    }

    private static MqttMessage message(MqttProperties properties) {
        return new MqttMessage(new byte[] {1}, 1, false, properties);
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getThreadGroup() != null
                        && thread.getThreadGroup().getName().equals("mqtt"))
                .map(Thread::getName)
                .toList();
    }
}
