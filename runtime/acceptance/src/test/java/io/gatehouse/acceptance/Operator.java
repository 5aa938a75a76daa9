package io.gatehouse.acceptance;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.datatypes.Mqtt5UserProperties;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Feature;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Reply;
import io.gatehouse.protocol.Rollout;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.Jws;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Somebody at the other side of the broker, with an MQTT client that is not ours: hears all, asks, and serves artifacts. */
final class Operator implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(180);

    private final Mqtt5AsyncClient client;
    private final List<Heard> heard = new CopyOnWriteArrayList<>();
    private final ServedFiles served;

    /** A message that arrived. */
    record Heard(String topic, byte[] payload, Map<String, String> properties, byte[] correlation, boolean retained) {
        Members body() {
            return Json.read(payload);
        }
    }

    private Operator(Mqtt5AsyncClient client) {
        this.client = client;
        this.served = new ServedFiles(client);
    }

    static Operator at(URI broker) {
        return at(Access.to(broker), "dwr", "#");
    }

    /** One that hears what is published at these topic filters, and whom the devices of this scope trust. */
    static Operator at(Access broker, String scope, String... filters) {
        Mqtt5AsyncClient client = broker.client("operator-" + UUID.randomUUID())
                .automaticReconnect()
                .initialDelay(100, TimeUnit.MILLISECONDS)
                .maxDelay(1, TimeUnit.SECONDS)
                .applyAutomaticReconnect()
                .buildAsync();
        Operator operator = new Operator(client);
        client.publishes(com.hivemq.client.mqtt.MqttGlobalPublishFilter.ALL, operator::hear);
        client.connectWith()
                .cleanStart(false)
                .sessionExpiryInterval(600)
                .send()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
        for (String filter : filters) {
            client.subscribeWith()
                    .topicFilter(filter)
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send()
                    .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    .join();
        }
        operator.publish(scope + "/desired/trust", Fleet.trust(), true);
        return operator;
    }

    private void hear(Mqtt5Publish publish) {
        Heard message = new Heard(
                publish.getTopic().toString(),
                publish.getPayloadAsBytes(),
                properties(publish.getUserProperties()),
                publish.getCorrelationData().map(Operator::bytes).orElse(new byte[0]),
                publish.isRetain());
        if (message.topic().endsWith("/artifact/data")) {
            return; // large, many, and of no interest
        }
        heard.add(message);
        if (message.topic().endsWith("/artifact/get")) {
            served.answer(message);
        }
    }

    /** From now on this file is served to whoever asks for its SHA-256. */
    Artifact serve(Path file) {
        return served.add(file);
    }

    /** From now on this file is served to whoever asks for that SHA-256, which it has not. */
    void serveInstead(Sha256 sha256, Path file) {
        served.put(sha256, file);
    }

    /** From now on whoever serves this dies when it has sent another tenth of it, nine times. */
    Deaths dyingAtEachTenth(Sha256 sha256) {
        return served.dyingAtEachTenth(sha256);
    }

    /** A feature of these bundles, all served. */
    Feature feature(String id, Path... bundles) {
        return feature(id, Map.of(), bundles);
    }

    Feature feature(String id, Map<String, Map<String, Object>> configurations, Path... bundles) {
        List<Feature.Bundle> parts = new ArrayList<>();
        for (Path bundle : bundles) {
            parts.add(new Feature.Bundle(Bundles.id(bundle), serve(bundle)));
        }
        return new Feature(id, parts, configurations);
    }

    /** Wants a feature; the digest of what was published. */
    String desire(String scope, String name, Feature feature) {
        return publish(
                scope + "/desired/feature/" + name,
                new Envelope(Optional.of(feature.write()), Rollout.ALL).write(),
                true);
    }

    /** Wants a feature no longer. */
    String undesire(String scope, String name) {
        return publish(scope + "/desired/feature/" + name, Envelope.REMOVED.write(), true);
    }

    /** Publishes, signed where a device would ask for that, and waits until the broker has it; the payload's SHA-256. */
    String publish(String topic, byte[] payload, boolean retained) {
        return publish(topic, payload, retained, Fleet.sign(topic, payload));
    }

    /** As {@link #publish(String, byte[], boolean)}, with this signature or none. */
    String publish(String topic, byte[] payload, boolean retained, Optional<String> signature) {
        client.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .retain(retained)
                .payload(payload)
                .userProperties(jws(signature))
                .send()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
        return Sha256.of(payload).hex();
    }

    /** Publishes what a broker may take or not, and waits until it said so. */
    void offer(String topic, byte[] payload) {
        client.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload)
                .send()
                .orTimeout(2, TimeUnit.SECONDS)
                .handle((taken, failure) -> taken)
                .join();
    }

    /** Commands, and waits for the end. */
    Outcome command(String scope, String name, Map<String, ?> arguments) {
        String reply = ask(scope, name, arguments, Duration.ofSeconds(60));
        Heard end = await("the end of " + name, message -> endsAt(reply, message));
        return ((Reply.End) Reply.read(end.payload())).outcome();
    }

    /** Commands, and waits only until the broker has it; where the reply will be, with the same as Correlation Data. */
    String ask(String scope, String name, Map<String, ?> arguments, Duration expiry) {
        Topic.Command topic = new Topic.Command(scope, name);
        String reply = "reply/" + UUID.randomUUID();
        byte[] correlation = reply.getBytes(StandardCharsets.UTF_8);
        byte[] payload = Json.write(arguments);
        client.publishWith()
                .topic(topic.toString())
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload)
                .correlationData(correlation)
                .responseTopic(reply)
                .userProperties(jws(Optional.of(Fleet.sign(topic, payload, expiry, correlation, reply))))
                .messageExpiryInterval(expiry.toSeconds())
                .send()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
        return reply;
    }

    private static Mqtt5UserProperties jws(Optional<String> signature) {
        return signature
                .map(jws -> Mqtt5UserProperties.builder().add(Jws.PROPERTY, jws).build())
                .orElse(Mqtt5UserProperties.of());
    }

    /** The ends that came to this reply topic. */
    List<Heard> ends(String reply) {
        return all(message -> endsAt(reply, message));
    }

    /** Whether what is published is heard here: where a broker was away, both take a while to be so again. */
    boolean hears() {
        String topic = "operator/" + UUID.randomUUID();
        try {
            client.publishWith().topic(topic).qos(MqttQos.AT_LEAST_ONCE).send().get(1, TimeUnit.SECONDS);
            await("an echo", message -> message.topic().equals(topic));
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static boolean endsAt(String reply, Heard message) {
        return message.topic().equals(reply) && Reply.read(message.payload()) instanceof Reply.End;
    }

    /** Waits for the report that ends the change which this payload at this topic asked for. */
    Members ended(String device, String topic, String digest) {
        String resource = topic.replaceFirst(".*/desired/([^/]+).*", "$1");
        return await(
                        "the end of " + topic + " " + digest,
                        message -> message.topic().equals(device + "/reported/" + resource)
                                && speaksOf(message.body(), topic, digest)
                                && isEnd(message.body()))
                .body();
    }

    /** Takes a wish away, and waits for the report that ends the change which that asked for. */
    Members removed(String device, String scope, String name) {
        String topic = scope + "/desired/feature/" + name;
        int mark = mark();
        undesire(scope, name);
        return await(
                        "the end of " + topic + " being removed",
                        mark,
                        message -> message.topic().equals(device + "/reported/feature")
                                && !message.body().object("desired").has(topic)
                                && isEnd(message.body()))
                .body();
    }

    /** All reports so far that speak of this payload at this topic. */
    List<Members> reports(String device, String topic, String digest) {
        return heard.stream()
                .filter(message -> message.topic().equals(device + "/reported/feature"))
                .map(Heard::body)
                .filter(report -> speaksOf(report, topic, digest))
                .toList();
    }

    private static boolean speaksOf(Members report, String topic, String digest) {
        return report.optionalObject("desired")
                .flatMap(desired -> desired.optionalString(topic))
                .filter(digest::equals)
                .isPresent();
    }

    private static boolean isEnd(Members report) {
        return List.of("applied", "rolled-back", "refused", "failed").contains(report.string("state"));
    }

    /** The newest message that fits, waiting until there is one. */
    Heard await(String what, Predicate<Heard> fits) {
        return await(what, 0, fits);
    }

    /** The newest message that fits among those heard after {@link #mark()} said this. */
    Heard await(String what, int mark, Predicate<Heard> fits) {
        try {
            return Awaitility.await(what)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> newest(mark, fits), Optional::isPresent)
                    .orElseThrow();
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("waited " + PATIENCE + " for " + what + "; heard last: " + tail(), e);
        }
    }

    /** The first message that fits among those heard after {@link #mark()} said this. */
    Heard first(String what, int mark, Predicate<Heard> fits) {
        await(what, mark, fits);
        return heard.stream().skip(mark).filter(fits).findFirst().orElseThrow();
    }

    /** How much was heard so far. */
    int mark() {
        return heard.size();
    }

    /** All messages that fit, in order of arrival. */
    List<Heard> all(Predicate<Heard> fits) {
        return heard.stream().filter(fits).toList();
    }

    /** As {@link #all}, of those heard after {@link #mark()} said this. */
    List<Heard> since(int mark, Predicate<Heard> fits) {
        return heard.stream().skip(mark).filter(fits).toList();
    }

    private Optional<Heard> newest(int mark, Predicate<Heard> fits) {
        for (int at = heard.size() - 1; at >= mark; at--) {
            Heard message = heard.get(at);
            if (fits.test(message)) {
                return Optional.of(message);
            }
        }
        return Optional.empty();
    }

    private String tail() {
        StringBuilder lines = new StringBuilder();
        for (Heard message : heard.stream().skip(Math.max(0, heard.size() - 15)).toList()) {
            String text = new String(message.payload(), StandardCharsets.UTF_8);
            lines.append("\n  ").append(message.topic()).append(' ').append(text, 0, Math.min(600, text.length()));
        }
        return lines.toString();
    }

    private static Map<String, String> properties(Mqtt5UserProperties properties) {
        Map<String, String> map = new LinkedHashMap<>();
        properties
                .asList()
                .forEach(one -> map.put(one.getName().toString(), one.getValue().toString()));
        return map;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    @Override
    public void close() {
        client.disconnect().join();
    }
}
