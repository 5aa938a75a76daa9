package io.gatehouse.licensing;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.store.NoRoom;
import io.gatehouse.api.store.Store;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.trust.ProtectedHeader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What outlives the process: every license that was accepted, by what it is, the token that was accepted last at each topic, each issuer's last revocation list, and
 * the clock. What cannot be read counts as unknown.
 */
final class Ledger {
    /** Licenses of one issuer: no issuer takes another's places. */
    static final int SHARE = 64;

    private static final System.Logger LOG = System.getLogger(Ledger.class.getName());
    private static final String LICENSE = "license/";
    private static final String REVOCATIONS = "revocations/";
    private static final String HELD = "held/";
    private static final String CLOCK = "clock";

    private final Store store;
    private final Map<String, Kept> licenses = new HashMap<>();
    private final Set<String> changed = new TreeSet<>();
    /** Licenses that only went on. */
    private final Set<String> counted = new TreeSet<>();

    private final Map<String, String> revocations = new TreeMap<>();
    /** By their keys: the topic's SHA-256, as a key is not as long as a topic can be. */
    private final Map<String, String> held = new TreeMap<>();

    private Optional<Seen> clock = Optional.empty();

    /**
     * What the clock said.
     *
     * @param age for how long the gateway had been running then since it first said so
     */
    record Seen(Instant at, Duration age) {
        private static Seen read(Members members) {
            return new Seen(
                    Instant.ofEpochSecond(members.integer("at", 0, ProtectedHeader.LAST_SECOND)),
                    Duration.ofSeconds(members.integer("age", 0, Integer.MAX_VALUE)));
        }

        private byte[] write() {
            return Json.write(Map.of("at", at.getEpochSecond(), "age", age.toSeconds()));
        }
    }

    Ledger(Store store) {
        this.store = store;
        for (String key : store.keys()) {
            try {
                read(key);
            } catch (IOException | BadArgument e) {
                LOG.log(System.Logger.Level.ERROR, "cannot read the store's \"" + key + "\": it counts as unknown", e);
            }
        }
    }

    private void read(String key) throws IOException {
        Optional<byte[]> value = store.get(key);
        if (value.isEmpty()) {
            return;
        }
        String text = new String(value.get(), StandardCharsets.US_ASCII);
        if (key.startsWith(LICENSE)) {
            licenses.put(key, Kept.read(value.get()));
        } else if (key.startsWith(REVOCATIONS)) {
            revocations.put(key.substring(REVOCATIONS.length()), text);
        } else if (key.startsWith(HELD)) {
            held.put(key, text);
        } else if (key.equals(CLOCK)) {
            clock = Optional.of(Seen.read(Json.read(value.get())));
        }
    }

    Optional<Kept> of(License.Id id) {
        return Optional.ofNullable(licenses.get(key(id)));
    }

    /**
     * Whether there is room for one more of an issuer. Where there is not, one of its licenses that is not there and was never evaluated is forgotten: all that goes
     * with it is that an older one of it would be accepted, and its issuer can take that back. An evaluation would begin anew, so it stays.
     *
     * @param present those that are there now, which stay too
     */
    boolean makeRoom(String issuer, Set<License.Id> present) {
        String own = LICENSE + issuer + "/";
        List<String> all =
                licenses.keySet().stream().filter(key -> key.startsWith(own)).toList();
        if (all.size() < SHARE) {
            return true;
        }
        Set<String> needed = present.stream().map(Ledger::key).collect(Collectors.toSet());
        Optional<String> oldest = all.stream()
                .filter(key -> !needed.contains(key))
                .filter(key -> known(key).evaluated().isZero())
                .min(Comparator.comparing((String key) -> known(key).counted()).thenComparing(key -> key));
        oldest.ifPresent(this::forget);
        return oldest.isPresent();
    }

    private Kept known(String key) {
        return Objects.requireNonNull(licenses.get(key));
    }

    private void forget(String key) {
        licenses.remove(key);
        changed.remove(key);
        counted.remove(key);
        store.remove(key);
    }

    /** It was accepted, by this sequence. Counts at once, and outlives the process when it was {@link #keepNow kept}. */
    void accept(License.Id id, Kept kept) {
        if (!kept.equals(licenses.put(key(id), kept))) {
            changed.add(key(id));
        }
    }

    /** As {@link #accept}, but outlives the process when all that was counted is kept: flash wears out. */
    void count(License.Id id, Kept kept) {
        if (!kept.equals(licenses.put(key(id), kept))) {
            counted.add(key(id));
        }
    }

    /** Brings what changed to the store, which brings it to flash within its time. */
    private void keep() {
        changed.forEach(key -> write(key, known(key).write()));
        counted.removeAll(changed);
        changed.clear();
    }

    /** As {@link #keep}, with what was counted. */
    void keepCounted() {
        changed.addAll(counted);
        keep();
    }

    /** As {@link #keep}, and returns when it is on flash or cannot be. */
    void keepNow() {
        if (!changed.isEmpty()) {
            keep();
            sync();
        }
    }

    /** What was last accepted at a topic. */
    Optional<String> held(String topic) {
        return Optional.ofNullable(held.get(heldKey(topic)));
    }

    /** On flash with what is kept next. */
    void hold(String topic, String token) {
        if (!token.equals(held.put(heldKey(topic), token))) {
            write(heldKey(topic), token.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Forgets what was accepted at all other topics. */
    void holdOnly(Collection<String> topics) {
        Set<String> wanted = topics.stream().map(Ledger::heldKey).collect(Collectors.toSet());
        List<String> gone =
                held.keySet().stream().filter(key -> !wanted.contains(key)).toList();
        gone.forEach(key -> {
            held.remove(key);
            store.remove(key);
        });
    }

    private static String heldKey(String topic) {
        return HELD + Sha256.of(topic.getBytes(StandardCharsets.UTF_8)).hex();
    }

    /** What the last process kept of it. */
    Optional<Seen> clock() {
        return clock;
    }

    /** For the next process. */
    void putClock(Seen seen) {
        clock = Optional.of(seen);
        write(CLOCK, seen.write());
    }

    /** The tokens of the lists that were accepted last, by their issuer. */
    Map<String, String> revocations() {
        return Map.copyOf(revocations);
    }

    /** On flash when this returns, if it can be. */
    void putRevocations(String issuer, String token) {
        revocations.put(issuer, token);
        write(REVOCATIONS + issuer, token.getBytes(StandardCharsets.US_ASCII));
        sync();
    }

    private void sync() {
        try {
            store.sync();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "what is kept of licenses is not on flash yet", e);
        }
    }

    private void write(String key, byte[] value) {
        try {
            store.put(key, value);
        } catch (NoRoom e) {
            LOG.log(System.Logger.Level.WARNING, "cannot keep \"" + key + "\" for the next process", e);
        }
    }

    private static String key(License.Id id) {
        return LICENSE + id.issuer() + "/" + id.jti();
    }
}
