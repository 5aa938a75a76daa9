package io.gatehouse.cli;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.TransportProvider;
import io.gatehouse.protocol.ArtifactRequest;
import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Feature;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Reply;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.Admission;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** A device as the protocol describes it, as far as the command has to do with one. */
final class FakeDevice implements Fake, AutoCloseable {
    private static final byte[] CORRELATION = {7};
    private static final String BOOT = "00000000000000a1";

    private final MemoryBroker broker;
    private final String name;
    private final String place;
    private final Trusting trusting;
    private final TransportProvider.Connection connection;
    private final Map<String, Object> desired = new LinkedHashMap<>();
    private final ByteArrayOutputStream fetched = new ByteArrayOutputStream();
    private final Map<String, Function<Message, Outcome>> commands = new LinkedHashMap<>();
    private Sha256 fetching = Sha256.of(new byte[0]);
    private long size;
    private final Map<String, Optional<Message>> held = new ConcurrentHashMap<>();
    private volatile List<String> notes = List.of("half way");
    private String verdict = "applied";
    private List<Map<String, String>> unlicensed = List.of();

    FakeDevice(MemoryBroker broker, String name, String place, Trusting trusting) {
        this.trusting = trusting;
        this.broker = broker;
        this.name = name;
        this.place = place;
        online(BOOT);
        this.connection = connect(broker);
    }

    private void online(String boot) {
        Map<String, String> status = Map.of("state", "online", "boot", boot, "place", place, "runtime", "0.1.0");
        broker.publish(json(name + "/status", status).retained());
    }

    /** Its status again, as when its connection was lost. */
    void connectAgain() {
        online(BOOT);
    }

    /** As the next process of the gateway says it. */
    void startAnew() {
        online("00000000000000a2");
    }

    /** How the next changes end. */
    FakeDevice ending(String state) {
        verdict = state;
        return this;
    }

    /** It has no license for what is wanted at this topic. */
    void lacking(String topic, String license) {
        lacking(List.of(Map.of("feature", "com.acme:rain:1", "topic", topic, "bundle", license, "license", license)));
    }

    /** This is left out for want of a license, as reports say it. */
    void lacking(List<Map<String, String>> leftOut) {
        unlicensed = List.copyOf(leftOut);
    }

    /** How far commands are while they go on. */
    FakeDevice noting(String... all) {
        notes = List.of(all);
        return this;
    }

    /** A command without an end, until {@link #end} says one. */
    FakeDevice holding(String command) {
        held.put(command, Optional.empty());
        return this;
    }

    /** Whether such a command came. */
    boolean holds(String command) {
        return held.getOrDefault(command, Optional.empty()).isPresent();
    }

    void end(String command, Outcome outcome) {
        answer(held.get(command).orElseThrow(), new Reply.End(outcome).write());
    }

    FakeDevice answering(String command, Function<Message, Outcome> answer) {
        commands.put(command, answer);
        return this;
    }

    byte[] fetched() {
        return fetched.toByteArray();
    }

    @Override
    public void receive(Message message) {
        if (Topic.parse(message.topic()).isEmpty()) {
            chunk(message);
            return;
        }
        Admission admission = trusting.admit(message);
        if (admission instanceof Admission.Refused refused) {
            refuse(message, refused);
        } else if (message.topic().contains("/desired/feature/")) {
            desired(message);
        } else if (message.topic().endsWith("/desired/trust")) {
            broker.publish(json(
                            name + "/reported/trust",
                            Map.of(
                                    "state", "applied",
                                    "version", trusting.version(),
                                    "desired",
                                            Map.of(
                                                    message.topic(),
                                                    Sha256.of(message.payload()).hex())))
                    .retained());
        } else if (Topic.parse(message.topic()).orElseThrow() instanceof Topic.Desired other) {
            Envelope envelope = Envelope.read(message.payload());
            Map<String, String> desired = envelope.spec().isEmpty()
                    ? Map.of()
                    : Map.of(message.topic(), Sha256.of(message.payload()).hex());
            broker.publish(json(name + "/reported/" + other.resource(), Map.of("state", verdict, "desired", desired))
                    .retained());
        } else {
            command(message);
        }
    }

    private void refuse(Message message, Admission.Refused refused) {
        broker.publish(json(
                name + "/event/security",
                Map.of(
                        "type", refused.reason().word(),
                        "detail", refused.detail(),
                        "topic", message.topic(),
                        "sha256", Sha256.of(message.payload()).hex())));
        if (message.responseTopic().isPresent()) {
            Outcome outcome = Outcome.refused(refused.reason().word(), refused.detail());
            answer(message, new Reply.End(outcome).write());
        }
    }

    private void desired(Message message) {
        Envelope envelope = Envelope.read(message.payload());
        String digest = Sha256.of(message.payload()).hex();
        if (digest.equals(desired.get(message.topic())) || !envelope.rollout().includes(name)) {
            return;
        }
        if (envelope.spec().isEmpty()) {
            desired.remove(message.topic());
            report(verdict, 1);
            return;
        }
        desired.put(message.topic(), digest);
        @SuppressWarnings("unchecked")
        Feature feature =
                Feature.read(Members.of((Map<String, ?>) envelope.spec().get()));
        fetching = feature.bundles().get(0).artifact().sha256();
        size = feature.bundles().get(0).artifact().size();
        report("applying", 0);
        broker.publish(Message.json(name + "/artifact/get", new ArtifactRequest(fetching, 0, size, 1000).write())
                .answeredAt(name + "/artifact/data", CORRELATION));
    }

    private void chunk(Message message) {
        if (Long.parseLong(message.properties().first("offset").orElseThrow()) == fetched.size()) {
            fetched.writeBytes(message.payload());
        }
        if (fetched.size() == size) {
            report(Sha256.of(fetched.toByteArray()).equals(fetching) ? verdict : "failed", 1);
        }
    }

    private void command(Message message) {
        String command = message.topic().substring(message.topic().lastIndexOf('/') + 1);
        if (command.equals("feature.retry")) {
            report(verdict, 1);
        } else if (held.containsKey(command)) {
            held.put(command, Optional.of(message));
        } else if (commands.containsKey(command)) {
            notes.forEach(note -> answer(message, new Reply.Running(0.5, note).write()));
            answer(message, new Reply.End(commands.get(command).apply(message)).write());
        }
    }

    private void answer(Message command, byte[] payload) {
        broker.publish(Message.json(command.responseTopic().orElseThrow(), payload)
                .answering(command.correlation().orElseThrow())
                .with("device", name)
                .with("boot", BOOT));
    }

    private void report(String state, double progress) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("state", state);
        report.put("step", state.equals("applying") ? "fetch" : "");
        report.put("progress", progress);
        report.put("desired", desired);
        report.put("duration", 0.25);
        report.put("bundles", List.of(Map.of("id", "a:hello:1", "version", "1.0.0", "state", "active")));
        if (!state.equals("applied") && !state.equals("applying")) {
            report.put("problem", Map.of("type", "start-failed", "title", "", "detail", "hello: no such class"));
        }
        if (!unlicensed.isEmpty()) {
            report.put("unlicensed", unlicensed);
        }
        broker.publish(json(name + "/reported/feature", report).retained());
    }

    private static Message json(String topic, Map<String, ?> body) {
        return Message.json(topic, Json.write(body));
    }

    @Override
    public String clientId() {
        return name;
    }

    @Override
    public List<String> filters() {
        List<String> filters = new ArrayList<>(List.of(name + "/artifact/data"));
        for (String scope : DeviceName.parse(name).scopes(Optional.of(place))) {
            filters.add(scope + "/desired/#");
            filters.add(scope + "/cmd/+");
        }
        return filters;
    }

    @Override
    public void close() {
        connection.close();
    }
}
