package io.gatehouse.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttClientPersistence;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;

/**
 * The least that a Java program with stock Paho does for what a gateway does: what every figure is held against. A program of
 * its own: {@code Floor observe|flood|drain BROKER DEVICE [BYTES]}.
 */
final class Floor {
    /** Messages on their way at once; the transport's own default. */
    static final int WINDOW = 100;

    private static final long PERIOD_MILLIS = 10_000;

    private final MqttAsyncClient client;
    private final String device;

    private Floor(MqttAsyncClient client, String device) {
        this.client = client;
        this.device = device;
    }

    public static void main(String[] args) throws MqttException, IOException, InterruptedException {
        String broker = args[1];
        String device = args[2];
        MqttClientPersistence memory = new MemoryPersistence();
        MqttAsyncClient client = new MqttAsyncClient(broker, device.replace('/', '-'), memory);
        client.connect().waitForCompletion();
        Floor floor = new Floor(client, device);
        switch (args[0]) {
            case "observe" -> floor.observe();
            case "flood" -> floor.flood();
            case "drain" -> floor.drain(Long.parseLong(args[3]));
            default -> throw new IllegalArgumentException("observe, flood or drain, not " + args[0]);
        }
    }

    /** Publishes the load average, again and again, until the process is stopped. */
    private void observe() throws MqttException, IOException, InterruptedException {
        while (true) {
            String[] load = Files.readString(Path.of("/proc/loadavg")).split(" ", 4);
            client.publish(device + "/hardware/loadavg", body(load[0], load[1], load[2]), 1, false)
                    .waitForCompletion();
            Thread.sleep(PERIOD_MILLIS);
        }
    }

    /** Publishes what an observation looks like as fast as the broker acknowledges, until the process is stopped. */
    private void flood() throws MqttException, InterruptedException {
        Window window = new Window(WINDOW);
        for (long seq = 1; ; seq++) {
            window.await();
            client.publish(device + "/" + Throughput.TOPIC, observation(seq), null, window);
        }
    }

    /** Takes so many bytes in messages at {@code <device>/artifact/data}, and says so at {@code <device>/drained}. */
    private void drain(long bytes) throws MqttException {
        AtomicLong left = new AtomicLong(bytes);
        client.setCallback(new Callback((topic, message) -> {
            if (left.addAndGet(-message.getPayload().length) == 0) {
                left.set(bytes);
                publish("/drained");
            }
        }));
        client.subscribe(device + "/artifact/data", 1).waitForCompletion();
        publish("/ready");
    }

    private void publish(String topic) {
        try {
            client.publish(device + topic, new byte[0], 1, false);
        } catch (MqttException e) {
            throw new IllegalStateException("cannot publish at " + device + topic, e);
        }
    }

    /** As the gateway's own look on the wire. */
    private MqttMessage observation(long seq) {
        MqttMessage message = new MqttMessage(body("0.52", "0.61", "0.48"));
        MqttProperties properties = new MqttProperties();
        properties.setContentType("application/json");
        properties.setPayloadFormat(true);
        properties.setUserProperties(List.of(
                new UserProperty("device", device),
                new UserProperty("boot", "0123456789abcdef"),
                new UserProperty("seq", Long.toString(seq))));
        message.setProperties(properties);
        message.setQos(1);
        return message;
    }

    private static byte[] body(String one, String five, String fifteen) {
        return ("{\"at\":\"" + Instant.now() + "\",\"one\":" + one + ",\"five\":" + five + ",\"fifteen\":" + fifteen
                        + "}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
