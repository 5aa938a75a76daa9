package io.gatehouse.firmware;

import io.gatehouse.api.store.Line;
import io.gatehouse.api.store.NoRoom;
import io.gatehouse.api.store.Store;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A store whose flash is a map, which keeps what was synced. */
final class MemoryStore implements Store {
    private final Map<String, byte[]> values = new HashMap<>();
    private final Map<String, byte[]> flash = new HashMap<>();
    volatile Fuse fuse = new Fuse(0);
    private boolean isBroken;

    /** What the next process finds after a power cut. */
    synchronized MemoryStore afterPowerCut() {
        MemoryStore next = new MemoryStore();
        next.values.putAll(flash);
        next.flash.putAll(flash);
        return next;
    }

    synchronized void breakFlash() {
        isBroken = true;
    }

    @Override
    public synchronized Optional<byte[]> get(String key) {
        return Optional.ofNullable(values.get(key));
    }

    @Override
    public synchronized void put(String key, byte[] value) throws NoRoom {
        if (isBroken) {
            throw new NoRoom("flash is broken", null);
        }
        values.put(key, value);
    }

    @Override
    public synchronized void remove(String key) {
        values.remove(key);
    }

    @Override
    public synchronized Set<String> keys() {
        return Set.copyOf(values.keySet());
    }

    @Override
    public Line line(String name) {
        throw new AssertionError("unexpected line " + name);
    }

    @Override
    public synchronized void sync() throws IOException {
        if (isBroken) {
            throw new IOException("flash is broken");
        }
        fuse.pass();
        flash.clear();
        flash.putAll(values);
        fuse.pass();
    }
}
