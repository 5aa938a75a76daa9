package io.gatehouse.acceptance;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperties;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserPropertiesBuilder;
import io.gatehouse.api.message.Message;
import java.net.URI;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Who has the broker: hears all, and publishes whatever he likes, at any topic, with any properties. */
final class Enemy implements AutoCloseable {
    private static final int AT_ONCE = 500;

    private final Mqtt5AsyncClient client;

    Enemy(URI broker) {
        client = Access.to(broker).client("enemy-" + UUID.randomUUID()).buildAsync();
        client.connect().orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** Publishes so many, and waits until the broker has them. */
    void publishAll(int number, IntFunction<Message> made) {
        CompletableFuture<?>[] sent = new CompletableFuture<?>[Math.min(number, AT_ONCE)];
        for (int i = 0; i < number; i++) {
            int slot = i % sent.length;
            if (i >= sent.length) {
                sent[slot].orTimeout(60, TimeUnit.SECONDS).join();
            }
            sent[slot] = send(made.apply(i));
        }
        CompletableFuture.allOf(sent).orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** Publishes it, whole as it is, and waits until the broker has it. */
    void publish(Message message) {
        send(message).orTimeout(60, TimeUnit.SECONDS).join();
    }

    private CompletableFuture<?> send(Message message) {
        var publish = client.publishWith()
                .topic(message.topic())
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(message.payload())
                .retain(message.retain())
                .userProperties(properties(message));
        if (message.responseTopic().isPresent()) {
            publish = publish.responseTopic(message.responseTopic().get());
        }
        if (message.correlation().isPresent()) {
            publish = publish.correlationData(message.correlation().get());
        }
        return publish.send();
    }

    private static Mqtt5UserProperties properties(Message message) {
        Mqtt5UserPropertiesBuilder properties = Mqtt5UserProperties.builder();
        message.properties().forEach(properties::add);
        return properties.build();
    }

    @Override
    public void close() {
        client.disconnect().orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** The same at another topic, with its signature. */
    static Message moved(Message message, String topic) {
        return new Message(
                topic,
                message.payload(),
                message.contentType(),
                message.retain(),
                message.exchange(),
                message.expiry(),
                message.properties());
    }
}
