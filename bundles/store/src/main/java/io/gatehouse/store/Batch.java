package io.gatehouse.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes that are to be written together. Whoever uses it holds the lock of {@link Depot}. */
final class Batch {
    private final long number;
    private final Map<Item, Frame> frames = new LinkedHashMap<>();
    private final Map<Integer, List<Span>> removed = new HashMap<>();
    private long bytes;
    private boolean mayBeOnFlash;

    private record Span(long from, long to) {}

    /** An empty one. */
    Batch(long number) {
        this.number = number;
    }

    /** One more with each that is written. */
    long number() {
        return number;
    }

    boolean isEmpty() {
        return frames.isEmpty() && removed.isEmpty();
    }

    /** About what it takes in memory. */
    long bytes() {
        return bytes;
    }

    @Nullable
    Frame get(Item item) {
        return frames.get(item);
    }

    /** Adds a change in place of an older one of the same item. */
    void put(Frame frame) {
        cancel(frame.item());
        frames.put(frame.item(), frame);
        bytes += frame.length();
    }

    /** A record is gone: either it is never written, or that is. */
    void remove(Item item) {
        boolean isHere = cancel(item);
        if (!isHere || mayBeOnFlash) {
            remove(item.table(), new Span(item.number(), item.number()));
        }
    }

    /** All of it, as it is to be written. */
    List<Frame> frames() {
        List<Frame> all = new ArrayList<>(frames.values());
        removed.forEach((table, spans) -> spans.forEach(span -> all.add(Frame.remove(table, span.from, span.to))));
        return all;
    }

    /** The changes but for removed records. */
    Collection<Frame> items() {
        return frames.values();
    }

    /** Puts one that could not be written before this one. Nobody knows whether it is on flash nevertheless. */
    void precede(Batch older) {
        List<Frame> newer = List.copyOf(frames.values());
        frames.clear();
        bytes = 0;
        mayBeOnFlash = true;
        older.frames.values().forEach(this::put);
        newer.forEach(this::put);
        older.removed.forEach((table, spans) -> spans.forEach(span -> remove(table, span)));
        removed.forEach((table, spans) -> spans.forEach(span -> frames.keySet()
                .removeIf(item -> item.table() == table
                        && item.key().isEmpty()
                        && item.number() >= span.from
                        && item.number() <= span.to)));
        bytes = frames.values().stream().mapToLong(Frame::length).sum();
    }

    private boolean cancel(Item item) {
        @Nullable Frame older = frames.remove(item);
        bytes -= older == null ? 0 : older.length();
        return older != null;
    }

    /** What is acknowledged in order makes one span. */
    private void remove(int table, Span span) {
        List<Span> spans = removed.computeIfAbsent(table, fresh -> new ArrayList<>());
        @Nullable Span last = spans.isEmpty() ? null : spans.get(spans.size() - 1);
        if (last != null && span.from == last.to + 1) {
            spans.set(spans.size() - 1, new Span(last.from, span.to));
        } else if (last != null && span.to == last.from - 1) {
            spans.set(spans.size() - 1, new Span(span.from, last.to));
        } else {
            spans.add(span);
        }
    }
}
