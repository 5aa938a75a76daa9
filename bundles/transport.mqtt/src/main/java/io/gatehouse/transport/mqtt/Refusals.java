package io.gatehouse.transport.mqtt;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing.Parcel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages that the broker did not take for a reason that may pass. Each is returned after a pause, and is known again when
 * it is sent again. One that is refused again and again while others are taken is given up, for it would come back for ever.
 * Where many are refused none of them is to blame. Thread-safe.
 */
final class Refusals {
    /** So many at a time may be refused for what they are; beyond that it is the broker that takes nothing. */
    static final int MOST = 8;

    /** With pauses that double from a second this takes two minutes. */
    static final int TRIES = 8;

    private static final int MOST_DOUBLINGS = 20;
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Later later;
    private final Duration first;
    private final List<Refused> refused = new ArrayList<>();
    private long taken;

    /** What becomes of a message that was refused. */
    enum Verdict {
        /** It is returned later. */
        LATER,
        /** It never comes again, and is the caller's. */
        NEVER,
        /** As it is the broker's fault, it is the caller's. */
        TOO_MANY
    }

    private static final class Refused {
        private final Message message;
        private @Nullable Parcel waiting;
        private long takenBefore = -1;
        private int refusals;
        private int tries;

        private Refused(Message message) {
            this.message = message;
        }

        private boolean is(Message other) {
            return message.topic().equals(other.topic()) && Arrays.equals(message.payload(), other.payload());
        }
    }

    /**
     * None so far.
     *
     * @param first the pause after a message was refused for the first time
     */
    Refusals(Later later, Duration first) {
        this.later = later;
        this.first = first;
    }

    /** The broker has this message. */
    synchronized void taken(Message message) {
        taken++;
        refused.removeIf(one -> one.is(message));
    }

    /** The broker does not take this now. */
    synchronized Verdict refused(Parcel parcel) {
        Refused one = known(parcel.message());
        if (one == null) {
            makeRoom();
            if (refused.size() >= MOST) {
                refused.forEach(other -> other.tries = 0);
                return Verdict.TOO_MANY;
            }
            one = new Refused(parcel.message());
            refused.add(one);
        }
        // Where nothing else was taken since it was refused last, this says nothing new about it.
        if (taken > one.takenBefore) {
            one.tries++;
        }
        one.takenBefore = taken;
        one.refusals++;
        if (one.tries >= TRIES) {
            refused.remove(one);
            return Verdict.NEVER;
        }
        one.waiting = parcel;
        comeBackLater(one);
        return Verdict.LATER;
    }

    /** Returns what waits for its pause to end. */
    void returnAll() {
        List<Parcel> all = new ArrayList<>();
        synchronized (this) {
            for (Refused one : refused) {
                if (one.waiting != null) {
                    all.add(one.waiting);
                    one.waiting = null;
                }
            }
        }
        all.forEach(Parcel::returned);
    }

    private void comeBackLater(Refused one) {
        Duration pause = first.multipliedBy(1L << Math.min(one.refusals - 1, MOST_DOUBLINGS));
        later.after(pause.compareTo(LONGEST) < 0 ? pause : LONGEST, () -> comeBack(one));
    }

    private void comeBack(Refused one) {
        Parcel parcel;
        synchronized (this) {
            parcel = one.waiting;
            one.waiting = null;
        }
        if (parcel != null) {
            parcel.returned();
        }
    }

    private @Nullable Refused known(Message message) {
        return refused.stream().filter(one -> one.is(message)).findFirst().orElse(null);
    }

    /** Forgets, where need be, the one that was returned longest ago: it may have been let go since. */
    private void makeRoom() {
        if (refused.size() >= MOST) {
            refused.stream().filter(one -> one.waiting == null).findFirst().ifPresent(refused::remove);
        }
    }
}
