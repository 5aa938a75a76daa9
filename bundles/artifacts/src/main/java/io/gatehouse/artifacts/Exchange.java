package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one fetch over MQTT has asked for and not yet written. Bytes are taken in order and once, whoever sends them: several
 * servers may answer one request, and each of their chunks may come more than once. It never holds more than one window.
 */
final class Exchange {
    /** How long a chunk that others have overtaken may still come. */
    private static final Duration OVERTAKEN = Duration.ofMillis(500);

    private final Artifact artifact;
    private final Deque<Chunk> arrived = new ArrayDeque<>();
    private long next;
    private long end;
    private boolean gap;
    private @Nullable ArtifactUnavailable refusal;

    /** Bytes to write: a piece of a payload, not copied. */
    @SuppressWarnings("ArrayRecordComponent")
    record Chunk(byte[] payload, int from, int count) {}

    Exchange(Artifact artifact, long next) {
        this.artifact = artifact;
        this.next = next;
        this.end = next;
    }

    /** Opens the next window, of at most this length; returns how long it is. */
    synchronized long open(long length) {
        end = Math.min(artifact.size(), next + length);
        gap = false;
        return end - next;
    }

    /** The first byte that has not arrived. */
    synchronized long next() {
        return next;
    }

    /** Takes from a chunk that came what is the next of the window. */
    synchronized void offer(long offset, long size, byte[] payload) {
        long last = offset + payload.length;
        if (size != artifact.size() || offset < 0 || last < 0 || last > artifact.size()) {
            refusal = new ArtifactUnavailable(
                    "wrong-size",
                    artifact.sha256() + " must have " + artifact.size() + " bytes; a server says that it has " + size
                            + " and sent bytes " + offset + " to " + last,
                    null);
            notifyAll();
        } else if (offset > next) {
            gap = gap || last >= end;
        } else if (last > next && next < end) {
            int count = (int) (Math.min(last, end) - next);
            arrived.add(new Chunk(payload, (int) (next - offset), count));
            next += count;
            notifyAll();
        }
    }

    /**
     * The next bytes to write.
     *
     * @return nothing where the window is all written, or no chunk came in this time
     * @throws ArtifactUnavailable where a server has something else under this name
     */
    synchronized @Nullable Chunk take(Duration patience) throws ArtifactUnavailable, InterruptedException {
        long began = System.nanoTime();
        while (arrived.isEmpty() && next < end) {
            if (refusal != null) {
                throw refusal;
            }
            long patient = (gap && OVERTAKEN.compareTo(patience) < 0 ? OVERTAKEN : patience).toNanos();
            long left = patient - (System.nanoTime() - began);
            if (left <= 0) {
                return null;
            }
            // Whoever notices a gap need not wake this up: it only shortens a wait that is already bounded.
            TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, OVERTAKEN.toNanos()));
        }
        return arrived.poll();
    }
}
