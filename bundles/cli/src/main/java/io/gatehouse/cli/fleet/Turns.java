package io.gatehouse.cli.fleet;

import io.gatehouse.protocol.ArtifactRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Requests for bytes, in the order of each device and by turns among devices, so that none waits until another has all; and no more bytes on their
 * way than a broker should hold for slow devices. The broker acknowledges what it has, not what arrived: an answer counts as arrived when its
 * device, later than at its beginning, asks for more, which it does when it has written a part; or when twice the time is over that the last one took,
 * which is doubled each time that a device which has more to ask for does not. Thread-safe.
 */
final class Turns {
    /** Within this after its first request a device fills its window, which says nothing of what arrived. */
    private static final Duration BEGINNING = Duration.ofMillis(500);

    private static final Duration USUAL = Duration.ofSeconds(1);
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    /** Who asks for more at once is answered in parts of this. */
    private static final int PART = 262_144;

    private final long room;
    private final int most;
    private final LongSupplier nanos;
    private final Map<String, Line> lines = new LinkedHashMap<>();
    private int waiting;
    private long underWay;

    /**
     * What a device asks for.
     *
     * @param size of the file
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Order(String device, byte[] correlation, ArtifactRequest request, Path file, long size) {
        boolean isSameAs(Order other) {
            return request.equals(other.request);
        }

        /** Where the bytes end that it asks for and there are. */
        long end() {
            return request.length() > size - request.offset() ? size : request.offset() + request.length();
        }

        long bytes() {
            return Math.max(0, end() - request.offset());
        }

        private Order of(long from, long length) {
            ArtifactRequest part = new ArtifactRequest(request.sha256(), from, length, request.chunk());
            return new Order(device, correlation, part, file, size);
        }

        /** The first part of it, in whole chunks. */
        Order first() {
            long chunks = PART / request.chunk();
            return bytes() <= PART ? this : of(request.offset(), chunks * request.chunk());
        }

        Optional<Order> rest() {
            long from = first().end();
            return from < end() ? Optional.of(of(from, end() - from)) : Optional.empty();
        }
    }

    /** What was answered, and is maybe on its way. */
    private record Answer(long bytes, long at) {}

    /** One device's. */
    private static final class Line {
        final Deque<Order> orders = new ArrayDeque<>();
        final Deque<Answer> answers = new ArrayDeque<>();
        final long began;
        long bytes;
        long takes = USUAL.toNanos();
        boolean hasAskedForAll;

        Line(long began) {
            this.began = began;
        }
    }

    /**
     * Nobody asks for anything.
     *
     * @param room bytes on their way at most
     * @param most requests waiting; what comes beyond is dropped, and asked for again
     * @param nanos the time, as {@link System#nanoTime}
     */
    Turns(long room, int most, LongSupplier nanos) {
        this.room = room;
        this.most = most;
        this.nanos = nanos;
    }

    /** Whether there was room for it. The same again is answered once, as it was asked last. */
    synchronized boolean offer(Order order) {
        long now = nanos.getAsLong();
        Line line = lines.computeIfAbsent(order.device(), device -> new Line(now));
        if (now - line.began > BEGINNING.toNanos()) {
            arrived(line, now);
        }
        line.hasAskedForAll = order.end() == order.size();
        boolean isNew = true;
        for (Order before : line.orders) {
            isNew &= !before.isSameAs(order);
        }
        if (isNew && waiting >= most) {
            return false;
        }
        if (isNew) {
            waiting++;
            line.orders.add(order);
        } else {
            replace(line, order);
        }
        notifyAll();
        return true;
    }

    private static void replace(Line line, Order order) {
        for (int turn = line.orders.size(); turn > 0; turn--) {
            Order before = line.orders.remove();
            line.orders.add(before.isSameAs(order) ? order : before);
        }
    }

    private void arrived(Line line, long now) {
        Answer answer = line.answers.poll();
        if (answer != null) {
            forget(line, answer);
            line.takes = Math.min(LONGEST.toNanos(), Math.max(SHORTEST.toNanos(), 2 * (now - answer.at())));
        }
    }

    private void forget(Line line, Answer answer) {
        line.bytes -= answer.bytes();
        underWay -= answer.bytes();
    }

    /** Waits for whose turn it is. */
    synchronized Order take() throws InterruptedException {
        while (true) {
            Optional<Order> next = next();
            if (next.isPresent()) {
                return next.get();
            }
            TimeUnit.NANOSECONDS.timedWait(this, waiting == 0 ? LONGEST.toNanos() : SHORTEST.toNanos() / 4);
        }
    }

    /** Whose turn it is; nobody's where none waits, or too much is on its way. */
    synchronized Optional<Order> next() {
        long now = nanos.getAsLong();
        Iterator<Map.Entry<String, Line>> each = lines.entrySet().iterator();
        Map.Entry<String, Line> chosen = null;
        int here = lines.size();
        while (each.hasNext() && chosen == null) {
            Map.Entry<String, Line> entry = each.next();
            Line line = entry.getValue();
            forgetOld(line, now);
            if (line.orders.isEmpty() && line.answers.isEmpty()) {
                each.remove();
            } else if (!line.orders.isEmpty() && hasRoom(line, here)) {
                each.remove();
                chosen = entry;
            }
        }
        return Optional.ofNullable(chosen).map(entry -> answer(entry, now));
    }

    private void forgetOld(Line line, long now) {
        boolean some = false;
        for (Answer answer = line.answers.peek();
                answer != null && now - answer.at() > line.takes;
                answer = line.answers.peek()) {
            line.answers.remove();
            forget(line, answer);
            some = true;
        }
        if (some && !line.hasAskedForAll) {
            line.takes = Math.min(LONGEST.toNanos(), 2 * line.takes);
        }
    }

    private boolean hasRoom(Line line, int devices) {
        long bytes = line.orders.element().first().bytes();
        boolean all = underWay == 0 || underWay + bytes <= room;
        return all && (line.bytes == 0 || line.bytes + bytes <= room / devices);
    }

    /** It goes to the end of the row. */
    private Order answer(Map.Entry<String, Line> entry, long now) {
        Line line = entry.getValue();
        Order whole = line.orders.remove();
        Order order = whole.first();
        whole.rest().ifPresentOrElse(line.orders::addFirst, () -> waiting--);
        long bytes = order.bytes();
        line.answers.add(new Answer(bytes, now));
        line.bytes += bytes;
        underWay += bytes;
        lines.put(entry.getKey(), line);
        return order;
    }
}
