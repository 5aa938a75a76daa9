package io.gatehouse.transport.mqtt;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A connection to a broker that does what a test tells it. */
abstract class WithBroker {
    static final Duration NOTHING_MORE = Duration.ofMillis(300);

    final PahoThreads threads = new PahoThreads();
    final Somebody somebody = new Somebody();
    ScriptedBroker broker;
    MqttConnection connection;

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

    void open() {
        open(settings -> settings);
    }

    void open(UnaryOperator<MqttSettings> change) {
        MqttSettings settings = change.apply(MqttSettings.of(broker.uri()));
        connection = MqttConnection.open(settings, somebody, somebody, new SplittableRandom(1));
    }

    /** Waits for these numbers, and for a while that there are no more. */
    void awaitTexts(int from, int to) {
        await().until(() -> broker.texts().size() >= to);
        await().during(NOTHING_MORE).until(() -> broker.texts().equals(numbers(from, to)));
    }

    static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(String::valueOf).toList();
    }

    static MqttMessage message(MqttProperties properties) {
        return new MqttMessage(new byte[] {1}, 1, false, properties);
    }
}
