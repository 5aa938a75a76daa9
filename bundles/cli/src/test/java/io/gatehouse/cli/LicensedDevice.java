package io.gatehouse.cli;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.device.DeviceClock;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.api.message.TransportProvider;
import io.gatehouse.licensing.Asking;
import io.gatehouse.licensing.Conditions;
import io.gatehouse.licensing.LicenseTrust;
import io.gatehouse.licensing.LicenseWishes;
import io.gatehouse.licensing.Licensing;
import io.gatehouse.licensing.RevocationWishes;
import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.Admission;
import io.gatehouse.testkit.MemoryStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.hooks.service.ListenerHook;
import org.osgi.framework.launch.Framework;
import org.osgi.service.condition.Condition;

/** A device that takes licenses as a gateway does: by the rules of every device, and the gateway's own licensing in a framework of its own. */
final class LicensedDevice implements Fake, AutoCloseable {
    private final MemoryBroker broker;
    private final String name;
    private final List<String> scopes;
    private final Trusting trusting;
    private final Framework framework;
    private final LicenseWishes licenses;
    private final RevocationWishes revocations;
    private final LicenseTrust trust;
    private final Map<String, Desired> desired = new ConcurrentHashMap<>();
    private final TransportProvider.Connection connection;

    LicensedDevice(MemoryBroker broker, String name, String place, Trusting trusting, Path folder)
            throws BundleException {
        this.broker = broker;
        this.name = name;
        this.scopes = DeviceName.parse(name).scopes(Optional.of(place));
        this.trusting = trusting;
        this.framework = new FrameworkFactory()
                .newFramework(Map.of(
                        "org.osgi.framework.storage",
                        folder.resolve("cache").toString(),
                        "gatehouse.licenses",
                        folder.resolve("licenses").toString(),
                        "org.osgi.framework.system.packages.extra",
                        "org.osgi.service.condition;version=1.0.0",
                        "felix.log.level",
                        "1"));
        framework.start();
        Asking asking = new Asking();
        framework.getBundleContext().registerService(ListenerHook.class, asking, null);
        Licensing licensing = new Licensing(
                framework.getBundleContext(),
                new io.gatehouse.testkit.FakeDevice(name, Optional.of(place), "00000000000000a1"),
                () -> new DeviceClock.Time(Instant.now(), Instant.EPOCH, true),
                new MemoryStore(),
                new Published(),
                new Conditions(framework.getBundleContext()),
                asking);
        this.licenses = new LicenseWishes(licensing);
        this.revocations = new RevocationWishes(licensing);
        this.trust = new LicenseTrust(licensing);
        tellAll();
        broker.publish(Message.json(name + "/status", Json.write(Map.of("state", "online", "place", place)))
                .retained());
        this.connection = connect(broker);
    }

    /** Something on it waits for a feature. */
    LicensedDevice asksFor(String feature) {
        try {
            framework
                    .getBundleContext()
                    .addServiceListener(
                            event -> {},
                            "(&(objectClass=" + Condition.class.getName() + ")(osgi.condition.id=license." + feature
                                    + "))");
            return this;
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }

    boolean grants(String feature) {
        try {
            return !framework
                    .getBundleContext()
                    .getServiceReferences(Condition.class, "(osgi.condition.id=license." + feature + ")")
                    .isEmpty();
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void receive(Message message) {
        Admission admission = trusting.admit(message);
        String digest = Sha256.of(message.payload()).hex();
        if (admission instanceof Admission.Refused refused) {
            publish(
                    "event/security",
                    Map.of(
                            "type", refused.reason().word(),
                            "detail", refused.detail(),
                            "topic", message.topic(),
                            "sha256", digest),
                    false);
            return;
        }
        Topic.Desired topic = (Topic.Desired) Topic.parse(message.topic()).orElseThrow();
        Optional<Object> spec = Envelope.read(message.payload()).spec();
        if (spec.isEmpty()) {
            desired.remove(message.topic());
        } else {
            int breadth = scopes.indexOf(topic.scope());
            desired.put(
                    message.topic(),
                    new Desired(message.topic(), breadth, topic.name(), spec.get(), digest, Optional.empty()));
        }
        if (topic.resource().equals("trust")) {
            publish(
                    "reported/trust",
                    Map.of(
                            "state",
                            "applied",
                            "version",
                            trusting.version(),
                            "desired",
                            Map.of(message.topic(), digest)),
                    true);
        }
        tellAll();
    }

    private void tellAll() {
        licenses.desired(all("license"));
        revocations.desired(all("revocation"));
        trust.desired(all("trust"));
    }

    private List<Desired> all(String resource) {
        return desired.values().stream()
                .filter(one -> one.topic().contains("/desired/" + resource))
                .toList();
    }

    private void publish(String below, Map<String, ?> body, boolean retained) {
        Map<String, Object> told = new LinkedHashMap<>(body);
        told.put("at", Instant.now().toString());
        Message message = Message.json(name + "/" + below, Json.write(told));
        broker.publish(retained ? message.retained() : message);
    }

    private final class Published implements Outbox {
        @Override
        public void observation(String topic, Instant at, Map<String, ?> body, boolean alsoAtPlace) {
            throw new UnsupportedOperationException(topic);
        }

        @Override
        public void event(String event, Map<String, ?> body) {
            publish("event/" + event, body, false);
        }

        @Override
        public void report(String resource, Map<String, ?> body) {
            publish("reported/" + resource, body, true);
        }

        @Override
        public void send(Message message) {
            throw new UnsupportedOperationException(message.topic());
        }
    }

    @Override
    public String clientId() {
        return name;
    }

    @Override
    public List<String> filters() {
        return scopes.stream().map(scope -> scope + "/desired/#").toList();
    }

    @Override
    public void close() {
        connection.close();
        try {
            framework.stop();
            framework.waitForStop(10_000);
        } catch (BundleException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
