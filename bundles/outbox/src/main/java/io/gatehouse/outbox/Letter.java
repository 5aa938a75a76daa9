package io.gatehouse.outbox;

import io.gatehouse.api.message.Message;
import java.time.Duration;
import java.util.Optional;

/**
 * A message that waits or is on its way. Its number is guarded by the lock of {@link Queue}.
 *
 * <p>Its expiry counts on the clock of {@link System#nanoTime}, anew where the process was restarted meanwhile: a device may not
 * know the time, and what was of use must not be thrown away because it then learned it.
 */
final class Letter {
    /** About what a letter in memory takes beside its payload; its topic is its lane's. */
    private static final long OVERHEAD = 176;

    /** No process waits longer for its broker. */
    private static final Duration FOR_EVER = Duration.ofDays(365);

    private final Lane lane;
    private final Stamp stamp;
    private final Message message;
    private final long seq;
    private final long since;
    private final long order;
    private long number;

    /**
     * A letter in memory.
     *
     * @param message without its stamp
     * @param seq 0 where it has none
     * @param since when it was put, on the clock of {@link System#nanoTime}
     * @param order higher than that of any that was put before
     */
    Letter(Lane lane, Stamp stamp, Message message, long seq, long since, long order) {
        this.lane = lane;
        this.stamp = stamp;
        this.message = message;
        this.seq = seq;
        this.since = since;
        this.order = order;
    }

    Lane lane() {
        return lane;
    }

    Rank rank() {
        return lane.rank();
    }

    Stamp stamp() {
        return stamp;
    }

    Message message() {
        return message;
    }

    long seq() {
        return seq;
    }

    long since() {
        return since;
    }

    long order() {
        return order;
    }

    /** Its number in the line of the store; 0 while it is in memory only. */
    long number() {
        return number;
    }

    void number(long stored) {
        number = stored;
    }

    /** About what it takes in memory. */
    long bytes() {
        return OVERHEAD + message.payload().length;
    }

    /** What is so, of which only the newest counts. */
    boolean isReport() {
        return rank() == Rank.ANSWER && message.retain();
    }

    boolean expired(long now) {
        return expiry().filter(time -> now - since >= time.toNanos()).isPresent();
    }

    /** The message as it is to be sent now: the time that it waited is no longer its to live. */
    Message leaving(long now) {
        Message stamped = seq > 0 ? stamp.on(message, seq) : stamp.on(message);
        Optional<Duration> left = expiry().map(
                        time -> time.minusNanos(now - since).plusMillis(999).toSeconds())
                .map(seconds -> Duration.ofSeconds(Math.max(1, seconds)));
        return left.map(stamped::expiring).orElse(stamped);
    }

    private Optional<Duration> expiry() {
        return message.expiry().filter(time -> time.compareTo(FOR_EVER) < 0);
    }
}
