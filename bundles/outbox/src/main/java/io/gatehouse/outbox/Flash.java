package io.gatehouse.outbox;

import io.gatehouse.api.store.Line;
import io.gatehouse.api.store.NoRoom;
import io.gatehouse.api.store.Store;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is kept of the outbox in the store: a line for each rank, and how far one process counted. Reading and syncing are
 * thread-safe; what changes something, or counts its bytes, is guarded by the lock of {@link Queue}.
 */
final class Flash {
    private static final String COUNTED = "counted";

    private final Store store;
    private final Map<String, Line> lines = new ConcurrentHashMap<>();
    /** As of the last change that was seen here. */
    private long bytes;

    /** What is kept in this store, which is not asked for anything yet: it may be opening. */
    Flash(Store store) {
        this.store = store;
    }

    long append(Rank rank, byte[] record) throws NoRoom {
        long number = line(rank).append(record);
        count();
        return number;
    }

    void remove(Rank rank, long number) {
        line(rank).remove(number);
        count();
    }

    /** The records after a number, up to about so many bytes. */
    List<Line.Entry> read(Rank rank, long after, int most) throws IOException {
        return line(rank).read(after, most);
    }

    /** The record of a number, if it is still there and whole. */
    Optional<byte[]> read(Rank rank, long number) throws IOException {
        return line(rank).read(number - 1, 1).stream()
                .filter(entry -> entry.number() == number)
                .map(Line.Entry::record)
                .findFirst();
    }

    /** How many bytes of flash it takes. */
    long bytes() {
        return bytes;
    }

    Optional<byte[]> counted() throws IOException {
        return store.get(COUNTED);
    }

    void counted(byte[] value) throws NoRoom {
        store.put(COUNTED, value);
    }

    /** Returns when all that was changed before is on flash. */
    void sync() throws IOException {
        store.sync();
    }

    private void count() {
        bytes = lines.values().stream().mapToLong(Line::bytes).sum();
    }

    private Line line(Rank rank) {
        return lines.computeIfAbsent(rank.line(), store::line);
    }
}
