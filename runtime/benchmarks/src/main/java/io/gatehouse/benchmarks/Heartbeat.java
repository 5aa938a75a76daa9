package io.gatehouse.benchmarks;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.common.MqttException;

/** A small message from one client to another, twenty times a second, and how long each took through the broker. */
final class Heartbeat implements AutoCloseable {
    private static final String TOPIC = "bench/heartbeat";
    private static final long PERIOD_MILLIS = 50;

    private final MqttAsyncClient from;
    private final MqttAsyncClient to;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final List<Double> millis = new CopyOnWriteArrayList<>();

    Heartbeat(URI broker) throws MqttException {
        from = Operator.connected(broker);
        to = Operator.connected(broker);
        to.setCallback(new Callback((topic, message) -> millis.add(
                (System.nanoTime() - ByteBuffer.wrap(message.getPayload()).getLong()) / 1e6)));
        to.subscribe(TOPIC, 1).waitForCompletion(10_000);
        ScheduledFuture<?> unused = clock.scheduleAtFixedRate(this::beat, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void beat() {
        byte[] now = ByteBuffer.allocate(Long.BYTES).putLong(System.nanoTime()).array();
        try {
            from.publish(TOPIC, now, 1, false);
        } catch (MqttException e) {
            System.err.println("no heartbeat: " + e);
        }
    }

    /** What was measured so far, in milliseconds, is forgotten. */
    List<Double> take() {
        List<Double> taken = List.copyOf(millis);
        millis.clear();
        return taken;
    }

    static double longest(List<Double> millis) {
        return Collections.max(millis);
    }

    /** That which 99 of 100 did not exceed. */
    static double usual(List<Double> millis) {
        return millis.stream()
                .sorted()
                .skip(millis.size() * 99L / 100)
                .findFirst()
                .orElse(0.0);
    }

    @Override
    public void close() throws MqttException {
        clock.shutdownNow();
        from.disconnectForcibly(1000, 1000, true);
        from.close(true);
        to.disconnectForcibly(1000, 1000, true);
        to.close(true);
    }
}
