package io.gatehouse.benchmarks;

import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.Jws;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;

/** Observations a second through outbox and transport. */
final class Throughput implements Benchmark {
    static final String TOPIC = "bench/flood";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String DEVICE = Programs.GATEWAY_DEVICE;

    /** Observations that one command asks for, and commands that are ahead: the backlog in the outbox. */
    private static final int BATCH = 1000;

    private static final int AHEAD = 3;
    private static final Topic.Command COMMAND = new Topic.Command(DEVICE, "bench.flood");
    private static final Duration LIFE = Duration.ofMinutes(1);
    private static final String REPLY = "reply/bench";
    private static final String SOURCE = """
            @org.osgi.service.component.annotations.Component(property = "gatehouse.command=bench.flood")
            public class Flood implements io.gatehouse.api.command.CommandHandler {
                private final io.gatehouse.api.message.Outbox outbox;
                @org.osgi.service.component.annotations.Activate
                public Flood(
                        @org.osgi.service.component.annotations.Reference io.gatehouse.api.message.Outbox outbox) {
                    this.outbox = outbox;
                }
                public io.gatehouse.api.command.Outcome handle(io.gatehouse.api.command.Invocation invocation) {
                    long count = invocation.arguments().integer("count", 1, 100000);
                    for (long at = 0; at < count; at++) {
                        java.util.Map<String, Object> body = new java.util.LinkedHashMap<>();
                        body.put("one", 0.52);
                        body.put("five", 0.61);
                        body.put("fifteen", 0.48);
                        outbox.observation("bench/flood", java.time.Instant.now(), body, false);
                    }
                    return io.gatehouse.api.command.Outcome.done(java.util.Map.of());
                }
            }
            """;

    @Override
    public String name() {
        return "throughput";
    }

    @Override
    public String method() {
        return "**Throughput**: a plug-in puts observations of three numbers into the outbox, never more than "
                + AHEAD * BATCH
                + " ahead, and a subscriber counts them for 8 s (2 s with `--quick`) after a start of 3 s."
                + " The floor publishes messages that look the same on the wire, QoS 1, asynchronously, " + Floor.WINDOW
                + " on their way (as the transport's own default), with `MemoryPersistence`. Taking turns.";
    }

    @Override
    public List<Row> run(Bench bench) throws IOException, InterruptedException, MqttException {
        List<Double> floors = new ArrayList<>();
        List<Double> gateways = new ArrayList<>();
        for (int round = 0; round < bench.rounds(3, 1); round++) {
            floors.add(floor(bench));
            gateways.add(gateway(bench, round));
            bench.say("throughput: floor " + floors + ", gateway " + gateways);
        }
        return List.of(Row.against(
                "floor",
                "observations through outbox and transport",
                "messages/s",
                new Sample(gateways),
                new Sample(floors),
                Row.atLeast(0.8)));
    }

    private static double floor(Bench bench) throws IOException, InterruptedException, MqttException {
        AtomicLong count = new AtomicLong();
        MqttAsyncClient subscriber = subscriber(bench, Programs.FLOOR_DEVICE, count);
        try (Running floor = bench.programs().floor("flood").start()) {
            awaitOne(count, floor);
            return rate(bench, count, () -> {});
        } finally {
            close(subscriber);
        }
    }

    private static double gateway(Bench bench, int round) throws IOException, InterruptedException, MqttException {
        PlugIns plugIns = new PlugIns(Files.createDirectories(bench.work().resolve("flood")));
        AtomicLong count = new AtomicLong();
        MqttAsyncClient subscriber = subscriber(bench, DEVICE, count);
        try (Operator operator = Operator.at(
                        bench.broker(), DEVICE + "/reported/#", DEVICE + "/artifact/get", DEVICE + Start.TOPIC);
                Running gateway = bench.programs().gateway("flood" + round).start()) {
            operator.await("the gateway; see " + gateway.log(), 0, PATIENCE, message -> message.topic()
                    .equals(DEVICE + Start.TOPIC));
            operator.apply(
                    DEVICE,
                    "flood",
                    operator.feature(plugIns.bundle("bench.flood", "1.0.0", "Flood", SOURCE)),
                    PATIENCE);
            AtomicLong asked = new AtomicLong();
            Feed feed = () -> {
                while (asked.get() - count.get() <= (AHEAD - 1) * BATCH) {
                    ask(subscriber);
                    asked.addAndGet(BATCH);
                }
            };
            feed.feed();
            awaitOne(count, gateway);
            double rate = rate(bench, count, feed);
            operator.remove(DEVICE, "flood", PATIENCE);
            return rate;
        } finally {
            close(subscriber);
        }
    }

    /** Keeps the flood going. */
    private interface Feed {
        void feed() throws MqttException;
    }

    private static void ask(MqttAsyncClient client) throws MqttException {
        byte[] payload = Json.write(Map.of("count", BATCH));
        byte[] correlation = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
        MqttProperties properties = new MqttProperties();
        properties.setResponseTopic(REPLY);
        properties.setCorrelationData(correlation);
        properties.setMessageExpiryInterval(LIFE.toSeconds());
        properties.setUserProperties(
                List.of(new UserProperty(Jws.PROPERTY, Fleet.sign(COMMAND, payload, LIFE, correlation, REPLY))));
        MqttMessage command = new MqttMessage(payload);
        command.setQos(1);
        command.setProperties(properties);
        client.publish(COMMAND.toString(), command);
    }

    private static MqttAsyncClient subscriber(Bench bench, String device, AtomicLong count) throws MqttException {
        MqttAsyncClient subscriber = Operator.connected(bench.broker());
        subscriber.setCallback(new Callback((topic, message) -> count.incrementAndGet()));
        subscriber.subscribe(device + "/" + TOPIC, 0).waitForCompletion(PATIENCE.toMillis());
        return subscriber;
    }

    private static void close(MqttAsyncClient client) throws MqttException {
        client.disconnectForcibly(1000, 1000, true);
        client.close(true);
    }

    private static void awaitOne(AtomicLong count, Running running) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (count.get() == 0) {
            if (System.nanoTime() > deadline || !running.isAlive()) {
                throw new IllegalStateException("no observation arrived; see " + running.log());
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private static double rate(Bench bench, AtomicLong count, Feed feed) throws InterruptedException, MqttException {
        during(Duration.ofSeconds(3), feed);
        long before = count.get();
        long began = System.nanoTime();
        during(Duration.ofSeconds(bench.quick() ? 2 : 8), feed);
        return (count.get() - before) / ((System.nanoTime() - began) / 1e9);
    }

    private static void during(Duration time, Feed feed) throws InterruptedException, MqttException {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            feed.feed();
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }
}
