package io.gatehouse.benchmarks;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Feature;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Rollout;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.Jws;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;

/** Somebody at the other side of the broker: hears, wishes for features, and serves their artifacts. */
final class Operator implements AutoCloseable {
    /** Where answers to commands come. */
    static final String REPLIES = "reply/benchmarks/#";

    private static final long PATIENCE_MILLIS = 10_000;
    private static final List<String> ENDS = List.of("applied", "rolled-back", "refused", "failed");

    private final MqttAsyncClient client;
    private final ArtifactServer server;
    private final List<Heard> heard = new ArrayList<>();

    private Operator(MqttAsyncClient client) {
        this.client = client;
        this.server = new ArtifactServer(client);
    }

    /** Connects, and hears what these filters let through. */
    static Operator at(URI broker, String... filters) throws MqttException {
        Operator operator = new Operator(connected(broker));
        operator.client.setCallback(new Callback((topic, message) -> operator.hear(Heard.now(topic, message))));
        for (String filter : filters) {
            operator.client.subscribe(filter, 1).waitForCompletion(PATIENCE_MILLIS);
        }
        return operator;
    }

    /** A client of stock Paho that is connected. */
    static MqttAsyncClient connected(URI broker) throws MqttException {
        MqttAsyncClient client =
                new MqttAsyncClient(broker.toString(), "benchmarks-" + UUID.randomUUID(), new MemoryPersistence());
        client.connect().waitForCompletion(PATIENCE_MILLIS);
        return client;
    }

    private void hear(Heard message) {
        server.hear(message);
        synchronized (heard) {
            heard.add(message);
            heard.notifyAll();
        }
    }

    /** A feature of this one bundle, which is served from now on. */
    Feature feature(Path bundle) throws IOException {
        Artifact artifact = new Artifact(Sha256.of(bundle), Files.size(bundle), Optional.empty());
        server.serve(artifact.sha256(), bundle);
        String name = bundle.getFileName().toString().replace(".jar", "");
        String id = "benchmarks:" + name.replaceFirst("-([^-]*)$", ":$1");
        return new Feature(id, List.of(new Feature.Bundle(id, artifact)), Map.of());
    }

    /** Wishes for a feature, and waits until the device runs it. */
    void apply(String device, String name, Feature feature, Duration patience)
            throws MqttException, InterruptedException {
        settle(device, name, new Envelope(Optional.of(feature.write()), Rollout.ALL), patience);
    }

    /** Wishes for a feature no longer, and waits until the device is without it. */
    void remove(String device, String name, Duration patience) throws MqttException, InterruptedException {
        settle(device, name, Envelope.REMOVED, patience);
    }

    private void settle(String device, String name, Envelope wish, Duration patience)
            throws MqttException, InterruptedException {
        Topic.Desired wanted = new Topic.Desired(device, "feature", Optional.of(name));
        String topic = wanted.toString();
        int mark = mark();
        publish(wanted, wish);
        Heard end = await(
                "the end of " + topic,
                mark,
                patience,
                message -> message.topic().equals(device + "/reported/feature")
                        && ENDS.contains(message.body().string("state"))
                        && speaksOf(message.body(), topic, wish));
        if (!end.body().string("state").equals("applied")) {
            throw new IllegalStateException(
                    topic + " was not applied: " + end.body().values());
        }
    }

    /** Whether a report is about this wish; of what was taken away it says nothing any more. */
    private static boolean speaksOf(Members report, String topic, Envelope wish) {
        Optional<String> digest = report.optionalObject("desired").flatMap(desired -> desired.optionalString(topic));
        return digest.map(Sha256.of(wish.write()).hex()::equals)
                .orElse(wish.spec().isEmpty());
    }

    /** Signs and publishes a wish, and waits until the broker has it. */
    void publish(Topic.Desired topic, Envelope wish) throws MqttException {
        MqttMessage message = new MqttMessage(wish.write());
        message.setQos(1);
        message.setRetained(true);
        MqttProperties properties = new MqttProperties();
        properties.setUserProperties(List.of(new UserProperty(Jws.PROPERTY, Fleet.sign(topic, wish.write()))));
        message.setProperties(properties);
        client.publish(topic.toString(), message).waitForCompletion(PATIENCE_MILLIS);
    }

    /** Has a device do something; the result. It must hear {@link #REPLIES}. */
    Members command(String device, String name, Map<String, ?> arguments, Duration patience)
            throws MqttException, InterruptedException {
        Topic.Command topic = new Topic.Command(device, name);
        String reply = REPLIES.replace("#", UUID.randomUUID().toString());
        byte[] correlation = reply.getBytes(StandardCharsets.UTF_8);
        byte[] payload = Json.write(arguments);
        MqttMessage message = new MqttMessage(payload);
        message.setQos(1);
        MqttProperties properties = new MqttProperties();
        properties.setResponseTopic(reply);
        properties.setCorrelationData(correlation);
        properties.setMessageExpiryInterval(patience.toSeconds());
        properties.setUserProperties(
                List.of(new UserProperty(Jws.PROPERTY, Fleet.sign(topic, payload, patience, correlation, reply))));
        message.setProperties(properties);
        int mark = mark();
        client.publish(topic.toString(), message);
        Heard end = await(
                "the end of " + name, mark, patience, heard -> heard.topic().equals(reply));
        if (!end.body().string("state").equals("done")) {
            throw new IllegalStateException(
                    name + " was not done: " + end.body().values());
        }
        return end.body().object("result");
    }

    /** How much was heard so far. */
    int mark() {
        synchronized (heard) {
            return heard.size();
        }
    }

    /** All that was heard since {@link #mark} said this, in order of arrival. */
    List<Heard> since(int mark) {
        synchronized (heard) {
            return List.copyOf(heard.subList(mark, heard.size()));
        }
    }

    /** The first message since {@link #mark} said this that fits. */
    Heard await(String what, int mark, Duration patience, Predicate<Heard> fits) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        synchronized (heard) {
            for (int at = mark; ; at++) {
                while (at == heard.size()) {
                    long left = deadline - System.nanoTime();
                    if (left <= 0) {
                        throw new IllegalStateException("waited " + patience.toSeconds() + " s for " + what);
                    }
                    TimeUnit.NANOSECONDS.timedWait(heard, left);
                }
                if (fits.test(heard.get(at))) {
                    return heard.get(at);
                }
            }
        }
    }

    @Override
    public void close() throws MqttException {
        server.close();
        client.disconnectForcibly(1000, 1000, true);
        client.close(true);
    }
}
