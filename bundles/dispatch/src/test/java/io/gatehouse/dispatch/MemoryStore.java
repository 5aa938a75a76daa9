package io.gatehouse.dispatch;

import io.gatehouse.api.store.Line;
import io.gatehouse.api.store.NoRoom;
import io.gatehouse.api.store.Store;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that outlives a dispatcher; what is on its flash is what was there at the last sync. */
final class MemoryStore implements Store {
    private final Map<String, byte[]> values = new ConcurrentHashMap<>();
    private volatile Map<String, byte[]> flash = Map.of();
    /** How often it was asked for anything. */
    final AtomicInteger uses = new AtomicInteger();

    /** What comes in between. */
    volatile Runnable duringSync = () -> {};

    volatile boolean isFull;
    volatile boolean isBroken;

    /** What a power cut leaves. */
    MemoryStore afterPowerCut() {
        MemoryStore store = new MemoryStore();
        store.values.putAll(flash);
        return store;
    }

    @Override
    public Optional<byte[]> get(String key) {
        uses.incrementAndGet();
        return Optional.ofNullable(values.get(key));
    }

    @Override
    public void put(String key, byte[] value) throws NoRoom {
        uses.incrementAndGet();
        if (isFull) {
            throw new NoRoom("full", null);
        }
        values.put(key, value);
    }

    @Override
    public void remove(String key) {
        uses.incrementAndGet();
        values.remove(key);
    }

    @Override
    public Set<String> keys() {
        uses.incrementAndGet();
        return Set.copyOf(values.keySet());
    }

    @Override
    public Line line(String name) {
        throw new UnsupportedOperationException(name);
    }

    @Override
    public void sync() throws IOException {
        uses.incrementAndGet();
        if (isBroken) {
            throw new IOException("flash is gone");
        }
        duringSync.run();
        flash = Map.copyOf(values);
    }
}
