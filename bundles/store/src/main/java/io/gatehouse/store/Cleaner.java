package io.gatehouse.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;

/**
 * Deletes the oldest segments, after what is still wanted of them was written anew at the log's end. For whoever writes.
 */
final class Cleaner {
    private static final System.Logger LOG = System.getLogger(Cleaner.class.getName());

    /** Rather than copy bytes about, so many segments may be mostly of no use. */
    private static final int SPARE = 4;

    private static final int MOST_SEGMENTS = 128;

    private final Segments segments;
    private final Index index;
    private final Lock lock;

    Cleaner(Segments segments, Index index, Lock lock) {
        this.segments = segments;
        this.index = index;
        this.lock = lock;
    }

    /**
     * Keeps the log within a size.
     *
     * @throws IOException where that does not go now; nothing is lost
     */
    void clean(long bytes) throws IOException {
        deleteUseless();
        for (int left = segments.count(); left > 0 && isDue(bytes); left--) {
            Optional<Segment> oldest = segments.oldest();
            if (oldest.isEmpty()) {
                return;
            }
            moveOut(oldest.get());
            delete(oldest.get());
            deleteUseless();
        }
    }

    /** Deletes the oldest as long as nothing in them is wanted: that needs no room. */
    void deleteUseless() throws IOException {
        for (Optional<Segment> oldest = segments.oldest(); oldest.isPresent(); oldest = segments.oldest()) {
            if (live(oldest.get()) > 0) {
                return;
            }
            delete(oldest.get());
        }
    }

    private void delete(Segment segment) throws IOException {
        lock.lock();
        try {
            segments.forget(segment);
        } finally {
            lock.unlock();
        }
        segments.delete(segment);
    }

    private long live(Segment segment) {
        lock.lock();
        try {
            return segment.live();
        } finally {
            lock.unlock();
        }
    }

    private boolean isDue(long bytes) {
        long total = segments.total();
        long segment = segments.segmentBytes();
        return total > bytes - 2 * segment || total > 2 * live() + SPARE * segment || segments.count() > MOST_SEGMENTS;
    }

    private void moveOut(Segment segment) throws IOException {
        byte[] bytes = segments.bytes(segment);
        List<Frame> wanted = new ArrayList<>();
        List<Long> from = new ArrayList<>();
        lock.lock();
        try {
            Reading reading = new Reading(segment, bytes, index, () -> {});
            for (Optional<Frame> frame = reading.next(); frame.isPresent(); frame = reading.next()) {
                if (index.isAt(frame.get().item(), reading.place())) {
                    wanted.add(frame.get());
                    from.add(reading.place());
                }
            }
        } finally {
            lock.unlock();
        }
        List<Long> to = wanted.isEmpty() ? List.of() : segments.write(wanted, this::name);
        lock.lock();
        try {
            for (int i = 0; i < to.size(); i++) {
                Frame frame = wanted.get(i);
                if (index.isAt(frame.item(), from.get(i))) {
                    index.settle(frame.item(), to.get(i), frame.length());
                }
            }
            int lost = index.removeIn(segment.number());
            if (lost > 0) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        lost + " values and records in " + segment + " were damaged; they are lost");
            }
        } finally {
            lock.unlock();
        }
    }

    private long live() {
        lock.lock();
        try {
            return segments.live();
        } finally {
            lock.unlock();
        }
    }

    private String name(int table) {
        lock.lock();
        try {
            return index.name(table);
        } finally {
            lock.unlock();
        }
    }
}
