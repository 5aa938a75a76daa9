package io.gatehouse.outbox;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Predicate;

/**
 * The last observations and events that brokers acknowledged, in memory: a broker may acknowledge what it then drops. Guarded
 * by the lock of {@link Queue}.
 */
final class Tail {
    private final Deque<Letter> letters = new ArrayDeque<>();
    private long bound;
    private long used;

    Tail(long bytes) {
        bound = bytes;
    }

    /** From now on no more than this. */
    void bound(long bytes) {
        bound = bytes;
        shorten();
    }

    void add(Letter letter) {
        letters.addLast(letter);
        used += letter.bytes();
        shorten();
    }

    /** Takes away those in this span that are wanted, the oldest first. */
    void take(Span span, Predicate<Letter> wanted) {
        for (Iterator<Letter> all = letters.iterator(); all.hasNext(); ) {
            Letter letter = all.next();
            if (span.covers(letter.stamp().boot(), letter.seq()) && wanted.test(letter)) {
                all.remove();
                used -= letter.bytes();
            }
        }
    }

    private void shorten() {
        while (used > bound) {
            used -= letters.removeFirst().bytes();
        }
    }
}
