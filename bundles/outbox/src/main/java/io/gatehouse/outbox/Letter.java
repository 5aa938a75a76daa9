package io.gatehouse.outbox;

import io.gatehouse.api.message.Message;
import java.util.OptionalLong;

/**
 * A message that waits, and its place in the queue.
 *
 * @param id one more with each letter of this boot
 * @param place lower leaves first among its rank; the id, but for a report that took the place of an older one
 * @param expires when it is of no more use, on the clock of {@link System#nanoTime}
 */
record Letter(long id, long place, Rank rank, Message message, OptionalLong expires) {
    /** About what a letter takes beside its payload and topic. */
    private static final long OVERHEAD = 256;

    /** How much of the outbox it takes, in bytes. */
    long bytes() {
        return OVERHEAD + message.payload().length + message.topic().length();
    }

    /** A report: what is so, of which only the newest counts. */
    boolean isReport() {
        return rank == Rank.ANSWER && message.retain();
    }

    boolean expired(long now) {
        return expires.isPresent() && expires.getAsLong() - now <= 0;
    }
}
