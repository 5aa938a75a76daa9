package io.gatehouse.acceptance;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperty;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.gatehouse.protocol.Json;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A subscriber that keeps account of one device from its beginning: of each number, when it came, and of each status. */
final class Ledger implements AutoCloseable {
    private static final long PATIENCE = 20;

    private final String device;
    private final Mqtt5AsyncClient client;
    private final List<Arrival> arrivals = new ArrayList<>();
    private final List<String> states = new ArrayList<>();

    /** Something that bears a number, and when it came, on the clock of {@link System#nanoTime}. */
    record Arrival(long nanos, String topic, String boot, long seq, byte[] payload) {}

    private Ledger(String device, Mqtt5AsyncClient client) {
        this.device = device;
        this.client = client;
    }

    /** One that hears a device which did not start yet. */
    static Ledger of(URI broker, String device) {
        Mqtt5AsyncClient client = Access.to(broker)
                .client("ledger-" + UUID.randomUUID())
                .automaticReconnect()
                .initialDelay(100, TimeUnit.MILLISECONDS)
                .maxDelay(1, TimeUnit.SECONDS)
                .applyAutomaticReconnect()
                .buildAsync();
        Ledger ledger = new Ledger(device, client);
        client.publishes(com.hivemq.client.mqtt.MqttGlobalPublishFilter.ALL, ledger::enter);
        client.connectWith()
                .cleanStart(false)
                .sessionExpiryInterval(600)
                .send()
                .orTimeout(PATIENCE, TimeUnit.SECONDS)
                .join();
        client.subscribeWith()
                .topicFilter(device + "/#")
                .qos(MqttQos.AT_LEAST_ONCE)
                .send()
                .orTimeout(PATIENCE, TimeUnit.SECONDS)
                .join();
        return ledger;
    }

    private synchronized void enter(Mqtt5Publish publish) {
        String topic = publish.getTopic().toString();
        if (topic.equals(device + "/status")) {
            states.add(Json.read(publish.getPayloadAsBytes()).string("state"));
            return;
        }
        String seq = property(publish, "seq");
        if (!seq.isEmpty()) {
            arrivals.add(new Arrival(
                    System.nanoTime(),
                    topic,
                    property(publish, "boot"),
                    Long.parseLong(seq),
                    publish.getPayloadAsBytes()));
        }
    }

    private static String property(Mqtt5Publish publish, String name) {
        return publish.getUserProperties().asList().stream()
                .filter(property -> property.getName().toString().equals(name))
                .map(Mqtt5UserProperty::getValue)
                .map(Object::toString)
                .findFirst()
                .orElse("");
    }

    /** How much came so far. */
    synchronized int size() {
        return arrivals.size();
    }

    /** All that fit, in order of arrival. */
    synchronized List<Arrival> all(Predicate<Arrival> fits) {
        return arrivals.stream().filter(fits).toList();
    }

    /** Each status that was published, in order. */
    synchronized List<String> states() {
        return List.copyOf(states);
    }

    /** The boots that were heard of. */
    synchronized Set<String> boots() {
        Set<String> boots = new TreeSet<>();
        arrivals.forEach(arrival -> boots.add(arrival.boot()));
        return boots;
    }

    /** By boot, the numbers from 1 to the highest that never came. */
    synchronized Map<String, TreeSet<Long>> missing() {
        Map<String, TreeSet<Long>> came = new TreeMap<>();
        arrivals.forEach(arrival ->
                came.computeIfAbsent(arrival.boot(), any -> new TreeSet<>()).add(arrival.seq()));
        Map<String, TreeSet<Long>> missing = new TreeMap<>();
        came.forEach((boot, seqs) -> {
            for (long seq = 1; seq < seqs.last(); seq++) {
                if (!seqs.contains(seq)) {
                    missing.computeIfAbsent(boot, any -> new TreeSet<>()).add(seq);
                }
            }
        });
        return missing;
    }

    /** What came more than once. */
    synchronized Set<String> twice() {
        Set<String> once = new TreeSet<>();
        Set<String> twice = new TreeSet<>();
        for (Arrival arrival : arrivals) {
            String what = arrival.boot() + " " + arrival.seq() + " " + arrival.topic();
            if (!once.add(what)) {
                twice.add(what);
            }
        }
        return twice;
    }

    /** The longest time in which nothing came, in milliseconds, beginning and ending after this moment. */
    synchronized long longestSilence(long fromNanos) {
        long longest = 0;
        long last = fromNanos;
        for (Arrival arrival : arrivals) {
            if (arrival.nanos() > fromNanos) {
                longest = Math.max(longest, arrival.nanos() - last);
                last = arrival.nanos();
            }
        }
        return Duration.ofNanos(longest).toMillis();
    }

    @Override
    public void close() {
        client.disconnect().exceptionally(notConnected -> null).join();
    }
}
