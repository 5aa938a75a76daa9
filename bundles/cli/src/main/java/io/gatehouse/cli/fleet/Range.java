package io.gatehouse.cli.fleet;

import io.gatehouse.api.message.Message;
import java.time.Duration;
import java.util.Arrays;

/** A range of an artifact that was asked for, from a byte to before another, and what was heard of it. */
final class Range {
    private final long from;
    private final long to;
    private Call call;
    private long heard = System.nanoTime();
    private boolean ended;
    private int repeated;

    Range(long from, long to, Call call) {
        this.from = from;
        this.to = to;
        this.call = call;
    }

    long from() {
        return from;
    }

    long to() {
        return to;
    }

    Call call() {
        return call;
    }

    boolean isAnsweredBy(Message message) {
        return message.topic().equals(call.inbox())
                && Arrays.equals(message.correlation().orElse(new byte[0]), call.correlation());
    }

    /** Something came, whatever it was. */
    void heard() {
        heard = System.nanoTime();
    }

    /** New bytes came. */
    void advanced() {
        repeated = 0;
    }

    /** The device has sent all of it. */
    void ended() {
        ended = true;
    }

    /** How long it may stay silent yet; what was sent before its end is here soon after that, or never. */
    Duration patience(Duration whole) {
        Duration silent = Duration.ofNanos(System.nanoTime() - heard);
        return (ended ? whole.dividedBy(3) : whole).minus(silent);
    }

    /**
     * Asks again, by another call.
     *
     * @return how often that was in vain before
     */
    int repeat(Call again) {
        call = again;
        ended = false;
        heard();
        return repeated++;
    }
}
