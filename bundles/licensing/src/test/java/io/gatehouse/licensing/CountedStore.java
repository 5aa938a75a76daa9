package io.gatehouse.licensing;

import io.gatehouse.api.store.Line;
import io.gatehouse.api.store.NoRoom;
import io.gatehouse.api.store.Store;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what wears out the flash behind another store. */
record CountedStore(Store store, AtomicInteger puts, AtomicInteger syncs) implements Store {
    @Override
    public Optional<byte[]> get(String key) throws IOException {
        return store.get(key);
    }

    @Override
    public void put(String key, byte[] value) throws NoRoom {
        puts.incrementAndGet();
        store.put(key, value);
    }

    @Override
    public void remove(String key) {
        puts.incrementAndGet();
        store.remove(key);
    }

    @Override
    public Set<String> keys() {
        return store.keys();
    }

    @Override
    public Line line(String name) {
        return store.line(name);
    }

    @Override
    public void sync() throws IOException {
        syncs.incrementAndGet();
        store.sync();
    }
}
