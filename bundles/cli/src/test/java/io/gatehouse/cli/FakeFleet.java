package io.gatehouse.cli;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.TransportProvider;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Reply;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.Admission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Devices of one model, as the protocol describes them, as far as firmware goes. They take it at once. */
final class FakeFleet implements Fake, AutoCloseable {
    static final String MODEL = "dwr/311-a1";
    static final String APPLYING = "applying";

    private final MemoryBroker broker;
    private final Trusting trusting;
    private final Map<String, Boolean> online = new ConcurrentHashMap<>();
    private final Map<String, String> wanted = new ConcurrentHashMap<>();
    private final Set<String> cancelled = ConcurrentHashMap.newKeySet();
    private final List<String> ordered = new CopyOnWriteArrayList<>();
    private final TransportProvider.Connection connection;
    private volatile UnaryOperator<String> ends = device -> "applied";
    private volatile Optional<Message> last = Optional.empty();

    /** So many, named from 00 on. */
    FakeFleet(MemoryBroker broker, Trusting trusting, int devices) {
        this.broker = broker;
        this.trusting = trusting;
        for (String device : names(devices)) {
            come(device);
        }
        this.connection = connect(broker);
    }

    static List<String> names(int devices) {
        List<String> names = new ArrayList<>();
        for (int device = 0; device < devices; device++) {
            names.add(MODEL + "/" + device / 10 + device % 10);
        }
        return names;
    }

    /** How each of them ends, or {@link #APPLYING}. */
    FakeFleet ending(UnaryOperator<String> how) {
        ends = how;
        return this;
    }

    /** What they were told to do: {@code <device> <command>}. */
    List<String> ordered() {
        return ordered;
    }

    /** It is there, and takes what is wanted by then. */
    void come(String device) {
        online.put(device, true);
        broker.publish(json(device + "/status", Map.of("state", "online", "place", "world/asia")));
        last.ifPresent(message -> take(device, message));
    }

    void go(String device) {
        online.put(device, false);
        broker.publish(json(device + "/status", Map.of("state", "offline")));
    }

    /** Those that go on come to this end. */
    synchronized void end(String state) {
        wanted.forEach((device, digest) -> report(device, state, digest));
    }

    @Override
    public void receive(Message message) {
        if (!(trusting.admit(message) instanceof Admission.Accepted)) {
            throw new IllegalStateException("not admitted: " + message.topic());
        }
        Topic topic = Topic.parse(message.topic()).orElseThrow();
        if (topic instanceof Topic.Command command) {
            ordered.add(command.scope() + " " + command.name()
                    + Json.read(message.payload())
                            .optionalInteger("sequence", 0, 99)
                            .map(number -> " " + number)
                            .orElse(""));
            obey(command.scope(), command.name());
            if (online.getOrDefault(command.scope(), false)) {
                broker.publish(Message.json(
                                message.responseTopic().orElseThrow(), new Reply.End(Outcome.done(Map.of())).write())
                        .answering(message.correlation().orElseThrow())
                        .with("device", command.scope()));
            }
            return;
        }
        last = Optional.of(message);
        online.forEach((device, there) -> {
            if (there) {
                take(device, message);
            }
        });
    }

    /** It tells of it before it answers. */
    private void obey(String device, String command) {
        if (command.equals("firmware.cancel") && wanted.containsKey(device)) {
            cancelled.add(device);
            report(device, "refused", Sha256.of(last.orElseThrow().payload()).hex());
        } else if (command.equals("firmware.retry") && cancelled.remove(device)) {
            take(device, last.orElseThrow());
        }
    }

    private synchronized void take(String device, Message message) {
        Envelope envelope = Envelope.read(message.payload());
        if (envelope.rollout().includes(device)) {
            String digest = Sha256.of(message.payload()).hex();
            String state = cancelled.contains(device) ? "refused" : ends.apply(device);
            if (state.equals(APPLYING)) {
                wanted.put(device, digest);
            }
            report(device, APPLYING, digest);
            report(device, state, digest);
        }
    }

    private void report(String device, String state, String digest) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("at", Instant.now().toString());
        report.put("state", state);
        report.put("step", state.equals(APPLYING) ? "install" : "");
        report.put("progress", state.equals(APPLYING) ? 0.4 : 1);
        report.put("desired", Map.of(MODEL + "/desired/firmware", digest));
        report.put("version", state.equals("applied") ? "V2" : "V1");
        report.put("sequence", state.equals("applied") ? 2 : 1);
        report.put("slot", state.equals("applied") ? "rootfs.1" : "rootfs.0");
        if (!state.equals("applied") && !state.equals(APPLYING)) {
            String type = state.equals("refused") ? "cancelled" : "unproven";
            report.put("problem", Map.of("type", type, "title", "", "detail", "it did not come up"));
        }
        broker.publish(json(device + "/reported/firmware", report));
    }

    private static Message json(String topic, Map<String, ?> body) {
        return Message.json(topic, Json.write(body)).retained();
    }

    @Override
    public String clientId() {
        return MODEL;
    }

    @Override
    public List<String> filters() {
        return List.of(MODEL + "/desired/#", MODEL + "/+/cmd/+", MODEL + "/cmd/+");
    }

    @Override
    public void close() {
        connection.close();
    }
}
