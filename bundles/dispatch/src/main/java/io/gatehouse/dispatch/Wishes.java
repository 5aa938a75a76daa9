package io.gatehouse.dispatch;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Problem;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.desired.Desired.Signature;
import io.gatehouse.api.desired.DesiredResource;
import io.gatehouse.api.device.Device;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.dispatch.KeptWish.Wanted;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Names;
import io.gatehouse.protocol.Reply;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.LastAccepted;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What should be so: the last accepted envelope of every topic, on flash, and told to whoever makes it so. Thread-safe.
 *
 * <p>Nobody is told of what is not on flash: after a power cut it would look as if it had been taken away. What cannot be
 * written is kept in memory and tried again, and the broker brings it again to the next process.
 */
final class Wishes {
    /** How long until what could not be written, read or admitted for what may pass is tried again. */
    static final Duration AGAIN = Duration.ofMinutes(1);

    private static final System.Logger LOG = System.getLogger(Wishes.class.getName());

    private static final Comparator<Desired> WIDEST_FIRST =
            Comparator.comparingInt(Desired::breadth).thenComparing(Desired::topic);

    private final Device device;
    private final Outbox outbox;
    private final SecurityEvents security;
    private final WishFiles files;
    private final Timer timer;

    // guarded by this
    private final Map<Topic.Desired, LastAccepted> accepted = new HashMap<>();
    private final Map<Topic.Desired, Desired> inForce = new HashMap<>();
    private final Map<Topic.Desired, Incoming.Admitted> unwritten = new LinkedHashMap<>();
    private final List<Registered> resources = new ArrayList<>();
    private List<Unreadable> unreadable = List.of();
    private Optional<Runnable> cancelAgain = Optional.empty();
    private boolean stopped;

    private record Registered(String name, DesiredResource resource) {}

    /** Begins with what is on flash for the scopes that the device lies under now. */
    Wishes(Device device, Outbox outbox, SecurityEvents security, WishFiles files, Timer timer) {
        this.device = device;
        this.outbox = outbox;
        this.security = security;
        this.files = files;
        this.timer = timer;
        read();
        tryLater();
    }

    /** What was accepted last at a topic, and is on flash. */
    synchronized Optional<LastAccepted> last(Topic.Desired topic) {
        return Optional.ofNullable(accepted.get(topic));
    }

    /** The topics at which an envelope that this key signed is in force. */
    synchronized List<String> signedBy(String kid) {
        return inForce.values().stream()
                .filter(desired ->
                        desired.signature().filter(by -> by.kid().equals(kid)).isPresent())
                .map(Desired::topic)
                .sorted()
                .toList();
    }

    /**
     * Keeps an envelope and tells those concerned. What is not accepted changes nothing.
     *
     * @return what to report, where it is not accepted or cannot be acted on now
     * @throws InterruptedException if it could not be kept for that; it is to be delivered again
     */
    synchronized Answer accept(Incoming.Admitted admitted) throws InterruptedException {
        Topic.Desired topic = admitted.wish().topic();
        if (isOutdated(admitted)) {
            return Answer.Silence.SILENCE;
        }
        try {
            Names.levels("resource", topic.resource());
        } catch (IllegalArgumentException e) {
            security.tell("ill-named-resource", String.valueOf(e.getMessage()));
            return Answer.Silence.SILENCE;
        }
        if (!WishFiles.canName(topic)) {
            return refused(admitted, "topic-too-long", "no file can be named after it; take shorter names");
        }
        try {
            Optional<Unreadable> obstacle = keep(admitted) ? obstacle(topic.resource()) : Optional.empty();
            return obstacle.isPresent()
                    ? report(
                            "waiting",
                            admitted,
                            new Problem("unreadable", obstacle.get().detail()))
                    : Answer.Silence.SILENCE;
        } catch (BadArgument e) {
            return refused(admitted, "bad-envelope", String.valueOf(e.getMessage()));
        } catch (ClosedByInterruptException e) {
            throw interrupted(topic, e);
        } catch (IOException e) {
            if (topic.resource().equals(Trusted.RESOURCE)) {
                trustAllTheSame(admitted);
            }
            return report("failed", admitted, notKept(admitted, e));
        }
    }

    /** A device whose flash fails is one that somebody must be able to look into: they are trusted until the process ends. */
    private void trustAllTheSame(Incoming.Admitted admitted) {
        Envelope.read(admitted.wish().message().payload()).spec().ifPresent(spec -> enforce(admitted, spec));
        resources.stream().filter(one -> one.name().equals(Trusted.RESOURCE)).forEach(this::tell);
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

    /** Writes nothing any more: whoever comes next may write something newer. */
    synchronized void stop() {
        stopped = true;
        cancelAgain.ifPresent(Runnable::run);
    }

    /** Whether something newer was accepted while this one was looked at. */
    private boolean isOutdated(Incoming.Admitted admitted) {
        return last(admitted.wish().topic())
                .filter(last -> !last.iat().isBefore(admitted.accepted().iat()))
                .isPresent();
    }

    /** Whether something changed by it. */
    private boolean keep(Incoming.Admitted admitted) throws IOException {
        Topic.Desired topic = admitted.wish().topic();
        byte[] payload = admitted.wish().message().payload();
        Envelope envelope = Envelope.read(payload);
        Desired before = inForce.get(topic);
        boolean takesPart = envelope.rollout().includes(device.name());
        if (!takesPart && unreadable.stream().anyMatch(one -> one.isOf(topic))) {
            return false; // what cannot be read is to stay, and a new file would take its place
        }
        boolean mayBeThere = before != null || obstacle(topic.resource()).isPresent();
        Optional<Wanted> wanted =
                takesPart ? envelope.spec().map(spec -> new Wanted(signature(admitted), payload)) : wanted(topic);
        files.write(topic, new KeptWish(admitted.accepted(), wanted));
        accepted.put(topic, admitted.accepted());
        unwritten.remove(topic);
        if (!takesPart) {
            return false;
        }
        unreadable = unreadable.stream().filter(one -> !one.isOf(topic)).toList();
        inForce.remove(topic);
        envelope.spec().ifPresent(spec -> enforce(admitted, spec));
        boolean isSame = before != null
                && before.digest().equals(admitted.accepted().payload().hex());
        if (isSame || (envelope.spec().isEmpty() && !mayBeThere)) {
            return false;
        }
        for (Registered registered : List.copyOf(resources)) {
            if (registered.name().equals(topic.resource())) {
                tell(registered);
            }
        }
        return true;
    }

    private static Signature signature(Incoming.Admitted admitted) {
        return new Signature(admitted.accepted().kid(), admitted.accepted().iat());
    }

    /** What is in force at a topic, as it is on flash. */
    private Optional<Wanted> wanted(Topic.Desired topic) throws IOException {
        return inForce.containsKey(topic) ? files.read(files.file(topic)).wish() : Optional.empty();
    }

    private void enforce(Incoming.Admitted admitted, Object spec) {
        enforce(admitted.wish().topic(), spec, admitted.accepted().payload(), signature(admitted));
    }

    private void enforce(Topic.Desired topic, Object spec, Sha256 payload, Signature signature) {
        int breadth = device.scopes().indexOf(topic.scope());
        inForce.put(
                topic,
                new Desired(topic.toString(), breadth, topic.name(), spec, payload.hex(), Optional.of(signature)));
    }

    private void tell(Registered registered) {
        if (obstacle(registered.name()).isPresent() && !registered.name().equals(Trusted.RESOURCE)) {
            return; // what cannot be read must not look as if it were not wanted any more
        }
        List<Desired> all = inForce.entrySet().stream()
                .filter(entry -> entry.getKey().resource().equals(registered.name()))
                .map(Map.Entry::getValue)
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

    /** Why a resource cannot be told all that is wanted of it. */
    private Optional<Unreadable> obstacle(String resource) {
        return unreadable.stream().filter(one -> one.concerns(resource)).findFirst();
    }

    /** Reads what is on flash and was not read yet. */
    private void read() {
        List<Unreadable> before = unreadable;
        try {
            List<Unreadable> now = new ArrayList<>();
            files.list().forEach((topic, file) -> {
                if (concernsUs(topic) && !accepted.containsKey(topic)) {
                    read(topic, file).ifPresent(now::add);
                }
            });
            unreadable = List.copyOf(now);
        } catch (IOException e) {
            unreadable =
                    before.isEmpty() ? List.of(new Unreadable(Optional.empty(), files.folder(), e.toString())) : before;
        }
        unreadable.stream()
                .filter(one -> before.stream().noneMatch(one::isSameAs))
                .forEach(one -> complain("unreadable", one.file(), one.detail()));
    }

    /** A device that was moved goes on trusting whom it trusted: the version of the trust document rises for its whole life. */
    private boolean concernsUs(Topic.Desired topic) {
        return device.scopes().contains(topic.scope()) || topic.resource().equals(Trusted.RESOURCE);
    }

    private Optional<Unreadable> read(Topic.Desired topic, Path file) {
        try {
            KeptWish kept = files.read(file);
            kept.wish().ifPresent(wanted -> Envelope.read(wanted.payload())
                    .spec()
                    .ifPresent(spec -> enforce(topic, spec, Sha256.of(wanted.payload()), wanted.signature())));
            accepted.put(topic, kept.last());
            return Optional.empty();
        } catch (BadArgument e) {
            return Optional.of(new Unreadable(Optional.of(topic), file, String.valueOf(e.getMessage())));
        } catch (IOException e) {
            return Optional.of(new Unreadable(Optional.of(topic), file, e.toString()));
        }
    }

    /** Keeps it in memory for now. */
    private Problem notKept(Incoming.Admitted admitted, IOException cause) {
        Topic.Desired topic = admitted.wish().topic();
        String detail =
                topic + ": cannot write " + files.file(topic) + ": " + cause + "; make room or mend what it lies"
                        + " on: it is tried again each minute, and a new process asks the broker for it again";
        if (unwritten.put(topic, admitted) == null) {
            complain("not-kept", files.file(topic), detail);
        }
        tryLater();
        return new Problem("not-kept", detail);
    }

    private void complain(String type, Path file, String detail) {
        LOG.log(System.Logger.Level.ERROR, detail);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", type);
        body.put("file", file.toString());
        body.put("detail", detail);
        outbox.event("storage", body);
    }

    private void tryLater() {
        boolean isTrouble = !unreadable.isEmpty() || !unwritten.isEmpty();
        if (isTrouble && !stopped && cancelAgain.isEmpty()) {
            cancelAgain = Optional.of(timer.after(AGAIN, this::tryAgain));
        }
    }

    private synchronized void tryAgain() {
        cancelAgain = Optional.empty();
        if (stopped) {
            return;
        }
        try {
            writeAndReadAgain();
        } finally {
            tryLater();
        }
    }

    private void writeAndReadAgain() {
        List<Registered> held = resources.stream()
                .filter(one -> obstacle(one.name()).isPresent())
                .toList();
        if (!unreadable.isEmpty()) {
            read();
        }
        held.forEach(this::tell);
        new LinkedHashMap<>(unwritten).forEach((topic, admitted) -> {
            try {
                keep(admitted);
                LOG.log(System.Logger.Level.INFO, "what came at " + topic + " is written now");
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "still cannot write what came at " + topic, e);
            }
        });
    }

    private static Answer refused(Incoming.Admitted admitted, String type, String detail) {
        return report("refused", admitted, new Problem(type, admitted.wish().topic() + ": " + detail));
    }

    private static Answer report(String state, Incoming.Admitted admitted, Problem problem) {
        Topic.Desired topic = admitted.wish().topic();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("state", state);
        body.put(
                "desired",
                Map.of(topic.toString(), admitted.accepted().payload().hex()));
        body.put("problem", Reply.write(problem));
        return new Answer.Report(topic.resource(), body);
    }

    private static InterruptedException interrupted(Topic.Desired topic, IOException cause) {
        boolean ignored = Thread.interrupted(); // it becomes an exception
        InterruptedException interrupted = new InterruptedException("interrupted while keeping what came at " + topic);
        interrupted.initCause(cause);
        return interrupted;
    }
}
