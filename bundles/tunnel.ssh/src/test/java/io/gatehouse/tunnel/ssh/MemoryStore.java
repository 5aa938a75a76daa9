package io.gatehouse.tunnel.ssh;

import io.gatehouse.api.store.Line;
import io.gatehouse.api.store.Store;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A store; what is on its flash is what was there at the last sync. */
final class MemoryStore implements Store {
    final Map<String, byte[]> values = new ConcurrentHashMap<>();
    volatile Map<String, byte[]> flash = Map.of();
    volatile boolean isBroken;

    @Override
    public Optional<byte[]> get(String key) {
        return Optional.ofNullable(values.get(key));
    }

    @Override
    public void put(String key, byte[] value) {
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
        throw new UnsupportedOperationException(name);
    }

    @Override
    public void sync() throws IOException {
        if (isBroken) {
            throw new IOException("flash is gone");
        }
        flash = Map.copyOf(values);
    }
}
