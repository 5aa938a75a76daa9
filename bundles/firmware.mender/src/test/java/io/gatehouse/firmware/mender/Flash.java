package io.gatehouse.firmware.mender;

import io.gatehouse.api.store.Line;
import io.gatehouse.api.store.Store;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A store that outlives whoever uses it. */
final class Flash implements Store {
    private final Map<String, byte[]> values = new HashMap<>();

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
        throw new AssertionError("unexpected line " + name);
    }

    @Override
    public void sync() {}
}
