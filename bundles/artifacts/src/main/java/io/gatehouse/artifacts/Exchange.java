package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one fetch over MQTT has asked for and not yet written: a window that slides, asked for share by share, so that
 * bytes come while requests go. Bytes are taken in order and once, whoever sends them: several servers may answer one
 * request, and each of their chunks may come more than once. They wait in one buffer, for chunks that were kept themselves
 * would outlive many a garbage collection and fill the heap.
 */
final class Exchange {
    /** How long a chunk that others have overtaken may still come. */
    private static final Duration OVERTAKEN = Duration.ofMillis(500);

    private final Artifact artifact;
    private final long end;
    private final int chunk;
    private final long window;
    private final long share;
    private final byte[] ring;
    /** Everything before this byte is written, before {@code next} has arrived, before {@code asked} was asked for. */
    private long written;

    private long next;
    private long asked;
    private int requests;
    /** The number of the last probe that was not answered, and what was asked for before it; 0 is none. */
    private int probe;

    private long doubtful;
    private boolean gap;
    private boolean closed;
    private @Nullable ArtifactUnavailable refusal;

    /** From a byte to before another. */
    record Reach(long begin, long end) {}

    /** Bytes to write. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Span(byte[] bytes, int from, int count) {}

    /** What to ask for; the number is from 1 on, and of two requests the later one's is greater. */
    record Request(int number, long offset, long length) {}

    /**
     * Nothing asked for yet.
     *
     * @param reach which bytes are wanted
     * @param ring where bytes wait; as large as the window or what is wanted
     */
    Exchange(Artifact artifact, Reach reach, Pace pace, byte[] ring) {
        this.artifact = artifact;
        this.end = reach.end();
        this.chunk = pace.chunk();
        this.window = pace.window();
        this.share = pace.share();
        this.ring = ring;
        this.written = reach.begin();
        this.next = reach.begin();
        this.asked = reach.begin();
    }

    /** The next share, as soon as the window has room for it. */
    synchronized @Nullable Request ask() {
        asked = Math.max(asked, next);
        if (asked == end || asked - written > window - share) {
            return null;
        }
        Request request = new Request(++requests, asked, Math.min(share, end - asked));
        asked += request.length();
        return request;
    }

    /**
     * Asks once more, for no more than this: servers answer in the order in which they are asked, so its answer tells
     * that whatever was asked for before and did not come is lost. Then all of that is to be asked for again.
     */
    synchronized Request probe(int length) {
        probe = ++requests;
        doubtful = asked;
        gap = false;
        return new Request(probe, next, Math.min(length, end - next));
    }

    /** Whether a probe was not answered yet. */
    synchronized boolean isProbing() {
        return probe > 0;
    }

    /** Takes from a chunk that came, as an answer to the request of this number, what is next. */
    synchronized void offer(int request, long offset, long size, byte[] payload) {
        if (closed) {
            return;
        }
        long last = offset + payload.length;
        if (size != artifact.size() || offset < 0 || last < 0 || last > artifact.size()) {
            refusal = new ArtifactUnavailable(
                    "wrong-size",
                    artifact.sha256() + " must have " + artifact.size() + " bytes; a server says that it has " + size
                            + " and sent bytes " + offset + " to " + last,
                    null);
            notifyAll();
            return;
        }
        long room = Math.min(end, written + Math.min(window, ring.length));
        if (offset > next) {
            gap = gap || last >= asked;
            notifyAll();
        } else if (last > next && next < room) {
            int count = (int) (Math.min(last, room) - next);
            keep(payload, (int) (next - offset), count);
            next += count;
            gap = false;
            notifyAll();
        }
        if (probe > 0 && request >= probe) {
            probe = 0;
            asked = next < doubtful ? next : asked;
        }
    }

    private void keep(byte[] payload, int from, int count) {
        int at = (int) (next % ring.length);
        int first = Math.min(count, ring.length - at);
        System.arraycopy(payload, from, ring, at, first);
        System.arraycopy(payload, from + first, ring, 0, count - first);
    }

    /**
     * The next bytes to write, not more than a chunk; they stay in place until they are said to be written.
     *
     * @return nothing where none came in this time
     * @throws ArtifactUnavailable where a server has something else under this name
     */
    synchronized @Nullable Span take(Duration patience) throws ArtifactUnavailable, InterruptedException {
        long began = System.nanoTime();
        while (next == written) {
            if (refusal != null) {
                throw refusal;
            }
            Duration patient = gap && OVERTAKEN.compareTo(patience) < 0 ? OVERTAKEN : patience;
            long left = patient.toNanos() - (System.nanoTime() - began);
            if (left <= 0) {
                return null;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        int from = (int) (written % ring.length);
        return new Span(ring, from, (int) Math.min(next - written, Math.min(chunk, ring.length - from)));
    }

    /** Gives the room of so many bytes back. */
    synchronized void written(int count) {
        written += count;
    }

    /** Lets go of the buffer: whatever comes from here on is not kept. */
    synchronized void close() {
        closed = true;
    }
}
