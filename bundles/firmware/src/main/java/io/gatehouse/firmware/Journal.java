package io.gatehouse.firmware;

import io.gatehouse.api.store.Store;
import io.gatehouse.protocol.Json;
import java.io.IOException;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What outlives a process, kept as one value, so that a power cut finds all of a change or nothing of it. Thread-safe. */
final class Journal {
    private static final System.Logger LOG = System.getLogger(Journal.class.getName());
    private static final String KEY = "journal";

    private final Store store;

    // guarded by this
    private Remembered remembered;
    private boolean isSynced = true;

    Journal(Store store) {
        this.store = store;
        this.remembered = read(store);
    }

    synchronized Remembered remembered() {
        return remembered;
    }

    synchronized Optional<Attempt> attempt() {
        return remembered.attempt();
    }

    /**
     * Changes it; on flash when this returns.
     *
     * @throws Failure where flash cannot be written; it counts nevertheless, as far as there is memory for that
     */
    synchronized void change(UnaryOperator<Remembered> change) throws Failure {
        Remembered next = change.apply(remembered);
        try {
            if (!next.equals(remembered)) {
                store.put(KEY, Json.write(next.write()));
                remembered = next;
                isSynced = false;
            }
            if (!isSynced) {
                store.sync();
                isSynced = true;
            }
        } catch (IOException e) {
            throw new Failure("storage", "cannot keep what is under way: " + e.getMessage(), e);
        }
    }

    /** Changes it as far as flash can be written: for what must go on even where it cannot. */
    void changeIfPossible(UnaryOperator<Remembered> change) {
        try {
            change(change);
        } catch (Failure e) {
            LOG.log(System.Logger.Level.WARNING, "goes on without it on flash", e);
        }
    }

    private static Remembered read(Store store) {
        try {
            Optional<byte[]> kept = store.get(KEY);
            return kept.isPresent() ? Remembered.read(Json.read(kept.get())) : Remembered.NOTHING;
        } catch (IOException | IllegalArgumentException e) {
            // what runs is not taken back for that: it counts as what was never in doubt
            LOG.log(System.Logger.Level.ERROR, "what was under way cannot be read and is forgotten", e);
            return Remembered.NOTHING;
        }
    }
}
