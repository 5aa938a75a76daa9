package io.gatehouse.store;

import io.gatehouse.api.store.Line;
import io.gatehouse.api.store.NoRoom;
import io.gatehouse.api.store.Store;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What all bundles keep. Thread-safe: one lock for what is in memory, and none is held while flash is written. */
final class Depot implements Closeable {
    private static final System.Logger LOG = System.getLogger(Depot.class.getName());
    private static final Pattern LINE = Pattern.compile("[a-z0-9.-]{1,40}");
    private static final int MOST_LINES = 16;

    private final ReentrantLock lock = new ReentrantLock();
    private final Segments segments;
    private final Index index;
    private final Writer writer;

    // guarded by lock
    private Shares shares;
    private boolean closed;

    private Depot(Segments segments, Index index, Later later, Limits limits) {
        this.segments = segments;
        this.index = index;
        this.shares = limits.shares();
        this.writer = new Writer(segments, index, lock, later, limits);
    }

    /**
     * Opens a folder with whatever can be read there.
     *
     * @throws IllegalStateException where somebody else has it open
     */
    static Depot open(Path path, Limits limits, Later later, Random random) {
        return open(path, limits, later, random, Sink::file);
    }

    static Depot open(Path path, Limits limits, Later later, Random random, Sink.Opener opener) {
        Segments segments = new Segments(Folder.open(path), limits.shares().segment(), opener, random);
        Index index = new Index(segments);
        new Recovery(segments, index).run();
        return new Depot(segments, index, later, limits);
    }

    /** From now on no more than this; what is there already stays. */
    void limits(Limits limits) {
        lock.lock();
        try {
            shares = limits.shares();
        } finally {
            lock.unlock();
        }
        segments.segmentBytes(limits.shares().segment());
        writer.limits(limits);
    }

    Optional<byte[]> get(String bundle, String key) throws IOException {
        lock.lock();
        try {
            Item item = value(bundle, key);
            @Nullable Frame pending = writer.pending(item);
            if (pending != null) {
                return pending.kind() == Frame.Kind.DROP ? Optional.empty() : Optional.of(pending.bytes());
            }
            Table values = index.table(item.table());
            long place = values.place(item);
            return place == Place.NONE
                    ? Optional.empty()
                    : Optional.of(segments.read(place, values.length(item)).bytes());
        } catch (IOException e) {
            throw new IOException("cannot read \"" + key + "\" of " + bundle + ": " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    void put(String bundle, String key, byte[] bytes) throws NoRoom {
        requireSize("value of \"" + key + "\"", bytes);
        change(Frame.HEAD + bytes.length, () -> {
            Item item = value(bundle, key);
            Frame frame = Frame.of(item, bytes);
            Values values = index.values(item.table());
            requireShare(bundle, frame.length() + Values.OVERHEAD - values.counted(item));
            values.put(item, frame.length());
            writer.put(frame);
            return 0L;
        });
    }

    void remove(String bundle, String key) {
        lock.lock();
        try {
            Item item = value(bundle, key);
            if (!index.isThere(item)) {
                return;
            }
            index.remove(item);
            writer.put(Frame.drop(item));
        } finally {
            lock.unlock();
        }
        writer.changed();
    }

    Set<String> keys(String bundle) {
        return under(() -> index.values(table(bundle, "")).keys());
    }

    /** Forgets all that others than these bundles keep. */
    void keepOnly(Set<String> bundles) {
        lock.lock();
        try {
            requireOpen();
            for (String bundle : index.bundles()) {
                if (!bundles.contains(bundle)) {
                    index.items(bundle).forEach(this::drop);
                }
            }
        } finally {
            lock.unlock();
        }
        writer.changed();
    }

    private void drop(Item item) {
        index.remove(item);
        if (item.number() == 0) {
            writer.put(Frame.drop(item));
        } else {
            writer.remove(item);
        }
    }

    /** The number of a line's table. */
    int line(String bundle, String line) {
        if (!LINE.matcher(line).matches()) {
            throw new IllegalArgumentException("line \"" + line + "\" of " + bundle
                    + " must be 1 to 40 of the characters a to z, 0 to 9, hyphen and dot");
        }
        return under(() -> {
            if (!index.has(Index.name(bundle, line)) && index.lines(bundle) >= MOST_LINES) {
                throw new IllegalArgumentException(
                        "line \"" + line + "\" would be more than the " + MOST_LINES + " that " + bundle + " may have");
            }
            return table(bundle, line);
        });
    }

    long append(String bundle, int line, byte[] bytes) throws NoRoom {
        requireSize("record", bytes);
        return change(Frame.HEAD + bytes.length, () -> {
            requireShare(bundle, Frame.length(new Item(line, 0, ""), bytes.length));
            Item item = new Item(line, index.records(line).newNumber(), "");
            Frame frame = Frame.of(item, bytes);
            index.records(line).put(item, frame.length());
            writer.put(frame);
            return item.number();
        });
    }

    List<Line.Entry> read(int line, long after, int bytes) throws IOException {
        lock.lock();
        try {
            requireOpen();
            Records records = index.records(line);
            List<Line.Entry> entries = new ArrayList<>();
            long left = bytes;
            for (long number = records.from(after + 1); number != 0; number = records.from(number + 1)) {
                Item item = new Item(line, number, "");
                left -= records.length(item);
                if (left < 0 && !entries.isEmpty()) {
                    break;
                }
                read(item, records).ifPresent(record -> entries.add(new Line.Entry(item.number(), record)));
            }
            return entries;
        } finally {
            lock.unlock();
        }
    }

    OptionalLong next(int line, long after) {
        long number = under(() -> index.records(line).from(after + 1));
        return number == 0 ? OptionalLong.empty() : OptionalLong.of(number);
    }

    void remove(int line, long number) {
        lock.lock();
        try {
            requireOpen();
            forget(new Item(line, number, ""));
        } finally {
            lock.unlock();
        }
        writer.changed();
    }

    int count(int line) {
        return under(() -> index.records(line).count());
    }

    long bytes(int line) {
        return under(() -> index.records(line).bytes());
    }

    void sync() throws IOException {
        under(() -> closed);
        writer.sync();
    }

    /** Writes what is left. Whoever comes later is told that this store is no more. */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        writer.close();
    }

    private Optional<byte[]> read(Item item, Records records) throws IOException {
        @Nullable Frame pending = writer.pending(item);
        if (pending != null) {
            return Optional.of(pending.bytes());
        }
        try {
            return Optional.of(
                    segments.read(records.place(item), records.length(item)).bytes());
        } catch (DamagedException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "loses record " + item.number() + " of " + index.name(item.table()) + ": " + e.getMessage());
            forget(item);
            return Optional.empty();
        }
    }

    private void forget(Item item) {
        if (index.isThere(item)) {
            index.remove(item);
            writer.remove(item);
        }
    }

    /** A change that needs room. */
    private interface Change {
        long make() throws NoRoom;
    }

    private long change(int bytes, Change change) throws NoRoom {
        writer.makeRoom(bytes);
        long result;
        lock.lock();
        try {
            requireOpen();
            result = change.make();
        } finally {
            lock.unlock();
        }
        writer.changed();
        return result;
    }

    private <T> T under(Supplier<T> question) {
        lock.lock();
        try {
            requireOpen();
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    private int table(String bundle, String line) {
        return index.number(Index.name(bundle, line));
    }

    private Item value(String bundle, String key) {
        requireOpen();
        int length = key.getBytes(StandardCharsets.UTF_8).length;
        if (length < 1 || length > Store.LONGEST_KEY) {
            throw new IllegalArgumentException("key \"" + key + "\" of " + bundle + " must have 1 to "
                    + Store.LONGEST_KEY + " bytes of UTF-8: " + length);
        }
        return new Item(table(bundle, ""), 0, key);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "this store was stopped or replaced: what is to be kept is for the one after it");
        }
    }

    private void requireShare(String bundle, long more) throws NoRoom {
        @Nullable String refusal = more > 0 ? shares.refusal(bundle, more, index) : null;
        if (refusal != null) {
            throw new NoRoom(refusal, null);
        }
    }

    private static void requireSize(String what, byte[] bytes) {
        if (bytes.length > Store.LARGEST) {
            throw new IllegalArgumentException(
                    what + " has " + bytes.length + " bytes; " + Store.LARGEST + " are the most that one may have");
        }
    }
}
