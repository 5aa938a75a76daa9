package io.gatehouse.acceptance;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient.Mqtt5Publishes;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckRestrictions;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Looks at a broker as it is by itself, with a client that is not ours. */
final class Probe {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Access broker;

    Probe(Access broker) {
        this.broker = broker;
    }

    /** What it says in its CONNACK. */
    Mqtt5ConnAckRestrictions limits() {
        Mqtt5BlockingClient client = client("probe-" + UUID.randomUUID());
        Mqtt5ConnAckRestrictions limits = client.connect().getRestrictions();
        client.disconnect();
        return limits;
    }

    /** Makes it forget what it holds for a client, as an operator or a full disk does. */
    void endSession(String clientId) {
        Mqtt5BlockingClient client = client(clientId);
        client.connectWith().cleanStart(true).sessionExpiryInterval(0).send();
        client.disconnect();
    }

    /** What is retained at a topic. */
    Optional<byte[]> retained(String topic) throws InterruptedException {
        Mqtt5BlockingClient client = client("probe-" + UUID.randomUUID());
        client.connect();
        try (Mqtt5Publishes publishes = client.publishes(MqttGlobalPublishFilter.ALL)) {
            client.subscribeWith().topicFilter(topic).qos(MqttQos.AT_LEAST_ONCE).send();
            return publishes.receive(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).map(Mqtt5Publish::getPayloadAsBytes);
        } finally {
            client.disconnect();
        }
    }

    /** Whether it keeps from a client what is larger than that one said that it takes. */
    boolean sparesLargePackets() throws InterruptedException {
        String topic = "probe/" + UUID.randomUUID();
        CountDownLatch lost = new CountDownLatch(1);
        Mqtt5BlockingClient small = broker.client("probe-" + UUID.randomUUID())
                .addDisconnectedListener(context -> lost.countDown())
                .buildBlocking();
        small.connect(Mqtt5Connect.builder()
                .restrictions()
                .maximumPacketSize(1000)
                .applyRestrictions()
                .build());
        Mqtt5BlockingClient sender = client("probe-" + UUID.randomUUID());
        sender.connect();
        try (Mqtt5Publishes publishes = small.publishes(MqttGlobalPublishFilter.ALL)) {
            small.subscribeWith().topicFilter(topic).qos(MqttQos.AT_LEAST_ONCE).send();
            publish(sender, topic, new byte[2000]);
            publish(sender, topic, new byte[1]);
            return Story.happens(
                            PATIENCE,
                            () -> lost.getCount() == 0 || publishes.receiveNow().isPresent())
                    && lost.getCount() > 0;
        } finally {
            sender.disconnect();
            if (lost.getCount() > 0) {
                small.disconnect();
            }
        }
    }

    /** Whether it keeps the session, as it was asked to, of a client that said good-bye as most clients do. */
    boolean keepsSessions() {
        String id = "probe-" + UUID.randomUUID();
        Mqtt5BlockingClient client = client(id);
        client.connectWith().cleanStart(false).sessionExpiryInterval(600).send();
        client.subscribeWith()
                .topicFilter("probe/" + id)
                .qos(MqttQos.AT_LEAST_ONCE)
                .send();
        client.disconnect();
        boolean kept = client.connectWith()
                .cleanStart(false)
                .sessionExpiryInterval(0)
                .send()
                .isSessionPresent();
        client.disconnect();
        return kept;
    }

    private static void publish(Mqtt5BlockingClient client, String topic, byte[] payload) {
        client.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload)
                .send();
    }

    private Mqtt5BlockingClient client(String id) {
        return broker.client(id).buildBlocking();
    }
}
