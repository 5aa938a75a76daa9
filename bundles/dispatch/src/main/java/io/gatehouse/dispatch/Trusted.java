package io.gatehouse.dispatch;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.desired.DesiredResource;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.api.store.Store;
import io.gatehouse.protocol.trust.Role;
import io.gatehouse.protocol.trust.TrustDocument;
import io.gatehouse.protocol.trust.TrustedKey;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whom this device trusts: of the trust documents that were accepted at any scope the one of the highest version. A resource like
 * any other, but that it is asked before anything else is admitted. Thread-safe.
 */
final class Trusted implements DesiredResource {
    static final String RESOURCE = "trust";

    private static final System.Logger LOG = System.getLogger(Trusted.class.getName());

    /** The highest version that was ever accepted: a folder that is lost must not take anybody back to an older one. */
    private final KeptNumber highestVersion;

    private final Outbox outbox;
    private final Store store;
    private final Function<String, List<String>> topicsSignedBy;
    private final Runnable changed;

    // guarded by this
    private Optional<Desired> newest = Optional.empty();
    private Optional<TrustDocument> document = Optional.empty();
    private boolean begun;

    /**
     * Trusts nobody yet.
     *
     * @param topicsSignedBy the topics at which a key's envelope is in force
     * @param changed called when another document counts
     */
    Trusted(Outbox outbox, Store store, Function<String, List<String>> topicsSignedBy, Runnable changed) {
        this.outbox = outbox;
        this.store = store;
        this.highestVersion = new KeptNumber(store, "trust-version");
        this.topicsSignedBy = topicsSignedBy;
        this.changed = changed;
    }

    @Override
    public synchronized void desired(List<Desired> all) {
        Optional<Desired> before = newest;
        Optional<TrustDocument> old = begun ? document() : Optional.empty();
        newest = TrustDocument.inForce(all);
        document = Optional.empty();
        if (begun && !newest.equals(before)) {
            document().ifPresent(now -> begin(now, old));
            changed.run();
        }
        begun = true;
    }

    /** No document of a lower version was accepted last. */
    long leastVersion() {
        return highestVersion.read();
    }

    /** The document; nothing before the first. It is read when it is first needed: a start seldom does. */
    synchronized Optional<TrustDocument> document() {
        if (document.isEmpty() && newest.isPresent()) {
            document = read(newest.get());
        }
        return document;
    }

    private static Optional<TrustDocument> read(Desired desired) {
        try {
            return Optional.of(TrustDocument.read(desired));
        } catch (BadArgument e) { // it was read when it was accepted; another release of this bundle may have
            LOG.log(System.Logger.Level.ERROR, "cannot read the trust document that came at " + desired.topic(), e);
            return Optional.empty();
        }
    }

    private void begin(TrustDocument now, Optional<TrustDocument> old) {
        try {
            highestVersion.put(now.version());
            store.sync();
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "cannot keep that trust document " + now.version() + " was accepted",
                    e);
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("state", "applied");
        body.put("version", now.version());
        body.put("keys", now.keys().stream().map(Trusted::key).toList());
        body.put("vendors", now.vendors().stream().map(vendor -> vendor.name()).toList());
        newest.ifPresent(desired -> body.put("desired", Map.of(desired.topic(), desired.digest())));
        outbox.report(RESOURCE, body);
        old.ifPresent(before -> before.revokedBy(now).forEach(this::tellOfRevoked));
    }

    private void tellOfRevoked(String kid) {
        List<String> topics = topicsSignedBy.apply(kid);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "revoked-key");
        body.put("kid", kid);
        body.put("topics", topics);
        body.put(
                "detail",
                "the key " + kid + " is trusted no more; "
                        + (topics.isEmpty()
                                ? "nothing that it signed is in force"
                                : "what it signed at these topics stays in force until another document takes its place"));
        outbox.event("security", body);
    }

    private static Map<String, Object> key(TrustedKey key) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("kid", key.kid());
        members.put("roles", key.roles().stream().map(Role::word).toList());
        members.put("retired", key.retired());
        return members;
    }
}
