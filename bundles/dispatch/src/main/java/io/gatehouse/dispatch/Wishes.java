package io.gatehouse.dispatch;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Problem;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.desired.DesiredResource;
import io.gatehouse.api.device.Device;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Names;
import io.gatehouse.protocol.Reply;
import io.gatehouse.protocol.Topic;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What should be so: the last accepted envelope of every topic, on flash, and told to whoever makes it so. Thread-safe. */
final class Wishes {
    private static final System.Logger LOG = System.getLogger(Wishes.class.getName());
    /** No document comes near it; a payload beyond it is not even looked at. */
    private static final int LARGEST = 1 << 20;

    private static final Comparator<Desired> WIDEST_FIRST =
            Comparator.comparingInt(Desired::breadth).thenComparing(Desired::topic);

    private final Device device;
    private final SecurityEvents security;
    private final WishFiles files;
    private final Map<String, Kept> kept = new HashMap<>();
    private final List<Registered> resources = new ArrayList<>();

    private record Kept(String resource, Desired desired) {}

    private record Registered(String name, DesiredResource resource) {}

    /** Begins with what is on flash for the scopes that the device lies under now. */
    Wishes(Device device, SecurityEvents security, WishFiles files) {
        this.device = device;
        this.security = security;
        this.files = files;
        files.read().forEach(this::restore);
    }

    /** Whether the last accepted envelope of the topic has these very bytes. */
    synchronized boolean has(Topic.Desired topic, byte[] payload) {
        Kept last = kept.get(topic.toString());
        return last != null && last.desired().digest().equals(Sha256.of(payload).hex());
    }

    /**
     * Keeps an envelope and tells those concerned. What is not accepted changes nothing.
     *
     * @return what to report, where it is not accepted
     * @throws InterruptedException if it could not be kept for that; it is to be delivered again
     */
    synchronized Answer accept(Topic.Desired topic, byte[] payload) throws InterruptedException {
        if (payload.length == 0) {
            return Answer.Silence.SILENCE; // somebody emptied a retained topic: that takes nothing away
        }
        try {
            Names.levels("resource", topic.resource());
        } catch (IllegalArgumentException e) {
            security.tell("ill-named-resource", String.valueOf(e.getMessage()));
            return Answer.Silence.SILENCE;
        }
        try {
            keep(topic, payload);
            return Answer.Silence.SILENCE;
        } catch (BadArgument e) {
            return report("refused", topic, payload, new Problem("bad-envelope", text(topic, e)));
        } catch (ClosedByInterruptException e) {
            throw interrupted(topic, e);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "cannot keep what came at " + topic, e);
            return report("failed", topic, payload, new Problem("not-kept", text(topic, e)));
        }
    }

    /** Tells all there is to one that came. */
    synchronized void add(String name, DesiredResource resource) {
        Registered registered = new Registered(name, resource);
        resources.add(registered);
        tell(registered);
    }

    synchronized void remove(DesiredResource resource) {
        resources.removeIf(registered -> registered.resource() == resource);
    }

    private void restore(String text, byte[] payload) {
        if (Topic.parse(text).orElse(null) instanceof Topic.Desired topic
                && device.scopes().contains(topic.scope())) {
            try {
                Envelope.read(payload).spec().ifPresent(spec -> keep(topic, spec, payload));
            } catch (BadArgument e) {
                LOG.log(System.Logger.Level.ERROR, "what is kept of " + text + " cannot be read: " + e.getMessage());
            }
        }
    }

    private void keep(Topic.Desired topic, byte[] payload) throws IOException {
        if (payload.length > LARGEST) {
            throw new BadArgument("payload is larger than " + LARGEST + " bytes: " + payload.length);
        }
        Envelope envelope = Envelope.read(payload);
        if (!envelope.rollout().includes(device.name())) {
            return;
        }
        if (envelope.spec().isPresent()) {
            files.write(topic.toString(), payload);
            keep(topic, envelope.spec().get(), payload);
        } else if (kept.containsKey(topic.toString())) {
            files.delete(topic.toString());
            kept.remove(topic.toString());
        } else {
            return;
        }
        for (Registered registered : List.copyOf(resources)) {
            if (registered.name().equals(topic.resource())) {
                tell(registered);
            }
        }
    }

    private void keep(Topic.Desired topic, Object spec, byte[] payload) {
        int breadth = device.scopes().indexOf(topic.scope());
        Desired desired = new Desired(
                topic.toString(),
                breadth,
                topic.name(),
                spec,
                Sha256.of(payload).hex());
        kept.put(topic.toString(), new Kept(topic.resource(), desired));
    }

    private void tell(Registered registered) {
        List<Desired> all = kept.values().stream()
                .filter(one -> one.resource().equals(registered.name()))
                .map(Kept::desired)
                .sorted(WIDEST_FIRST)
                .toList();
        try {
            registered.resource().desired(all);
        } catch (RuntimeException | LinkageError e) { // somebody else's code: what is wanted stays wanted all the same
            LOG.log(
                    System.Logger.Level.ERROR,
                    "resource \"" + registered.name() + "\" failed: " + registered.resource(),
                    e);
        }
    }

    private static Answer report(String state, Topic.Desired topic, byte[] payload, Problem problem) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("state", state);
        body.put("desired", Map.of(topic.toString(), Sha256.of(payload).hex()));
        body.put("problem", Reply.write(problem));
        return new Answer.Report(topic.resource(), body);
    }

    private static InterruptedException interrupted(Topic.Desired topic, IOException cause) {
        boolean ignored = Thread.interrupted(); // it becomes an exception
        InterruptedException interrupted = new InterruptedException("interrupted while keeping what came at " + topic);
        interrupted.initCause(cause);
        return interrupted;
    }

    private static String text(Topic.Desired topic, Exception e) {
        return topic + ": " + e.getMessage();
    }
}
