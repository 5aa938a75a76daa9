package io.gatehouse.testkit;

import io.gatehouse.api.store.Line;
import io.gatehouse.api.store.NoRoom;
import io.gatehouse.api.store.Store;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A store in memory. On its flash is what was there at the last {@link #sync}. It has no lines. Thread-safe. */
public final class MemoryStore implements Store {
    private final Map<String, byte[]> values = new ConcurrentHashMap<>();
    private volatile Map<String, byte[]> flash = Map.of();
    private volatile boolean isBroken;

    /** What the next process finds after a power cut. */
    public MemoryStore afterPowerCut() {
        MemoryStore next = new MemoryStore();
        next.values.putAll(flash);
        next.flash = flash;
        return next;
    }

    /** From now on nothing is taken, and nothing comes to flash. */
    public void breakFlash() {
        isBroken = true;
    }

    /** What a power cut would leave under this key. */
    public Optional<byte[]> onFlash(String key) {
        return Optional.ofNullable(flash.get(key));
    }

    @Override
    public Optional<byte[]> get(String key) {
        return Optional.ofNullable(values.get(key));
    }

    @Override
    public void put(String key, byte[] value) throws NoRoom {
        if (isBroken) {
            throw new NoRoom("flash is broken", null);
        }
        values.put(key, value);
    }

    @Override
    public void remove(String key) {
        values.remove(key);
    }

    @Override
    public Set<String> keys() {
        return Set.copyOf(values.keySet());
    }

    @Override
    public Line line(String name) {
        throw new UnsupportedOperationException("this store has no lines: " + name);
    }

    @Override
    public synchronized void sync() throws IOException {
        if (isBroken) {
            throw new IOException("flash is broken");
        }
        flash = Map.copyOf(values);
    }
}
