package io.gatehouse.firmware.mender;

import io.gatehouse.api.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The slot that ran when the last installation began. On flash: where the same one runs later on, what was installed never started, or was left; and
 * Mender, asked to commit, keeps whatever was installed.
 */
final class Origin {
    private static final System.Logger LOG = System.getLogger(Origin.class.getName());
    private static final String KEY = "origin";

    private final Store store;

    Origin(Store store) {
        this.store = store;
    }

    /** On flash when this returns. */
    void keep(String slot) throws IOException {
        store.put(KEY, slot.getBytes(StandardCharsets.UTF_8));
        store.sync();
    }

    boolean is(String slot) {
        try {
            return store.get(KEY)
                    .filter(kept -> new String(kept, StandardCharsets.UTF_8).equals(slot))
                    .isPresent();
        } catch (IOException e) {
            // what runs may have proven itself, and would be lost with the next restart
            LOG.log(System.Logger.Level.WARNING, "counts as none, since it cannot be read", e);
            return false;
        }
    }

    /** Where it comes back by a power cut, nothing is in progress any more. */
    void forget() {
        store.remove(KEY);
    }
}
