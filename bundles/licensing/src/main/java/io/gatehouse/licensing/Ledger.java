package io.gatehouse.licensing;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.store.NoRoom;
import io.gatehouse.api.store.Store;
import io.gatehouse.protocol.license.License;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What outlives the process: every license that was accepted, by what it is, and each issuer's last revocation list. What cannot be read counts as
 * unknown.
 */
final class Ledger {
    /** More than a device meets in its life; they are never forgotten, or an evaluation would begin anew. */
    static final int MOST = 256;

    private static final System.Logger LOG = System.getLogger(Ledger.class.getName());
    private static final String LICENSE = "license/";
    private static final String REVOCATIONS = "revocations/";

    private final Store store;
    private final Map<String, Kept> licenses = new HashMap<>();
    private final Set<String> changed = new TreeSet<>();
    private boolean isAccepted;
    private final Map<String, String> revocations = new TreeMap<>();

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
        if (value.isPresent() && key.startsWith(LICENSE)) {
            licenses.put(key, Kept.read(value.get()));
        } else if (value.isPresent() && key.startsWith(REVOCATIONS)) {
            revocations.put(key.substring(REVOCATIONS.length()), new String(value.get(), StandardCharsets.US_ASCII));
        }
    }

    Optional<Kept> of(License.Id id) {
        return Optional.ofNullable(licenses.get(key(id)));
    }

    /** Whether one more has room. */
    boolean hasRoom() {
        return licenses.size() < MOST;
    }

    /** It was accepted, by this sequence. Counts at once, and outlives the process when it was {@link #keepNow kept}. */
    void accept(License.Id id, Kept kept) {
        isAccepted = true;
        count(id, kept);
    }

    /** It has come this far. Counts at once, and outlives the process when it was {@link #keep kept}, which is not worth a write for itself. */
    void count(License.Id id, Kept kept) {
        if (!kept.equals(licenses.put(key(id), kept))) {
            changed.add(key(id));
        }
    }

    /** Brings what changed to the store, which brings it to flash within its time. */
    void keep() {
        changed.forEach(
                key -> write(key, Objects.requireNonNull(licenses.get(key)).write()));
        changed.clear();
    }

    /** As {@link #keep}, where something was accepted, and returns when it is on flash or cannot be. */
    void keepNow() {
        if (isAccepted) {
            keep();
            sync();
            isAccepted = false;
        }
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
