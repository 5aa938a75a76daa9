package io.gatehouse.outbox;

import io.gatehouse.api.store.Line;
import java.io.IOException;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Finds out which observations and events of a span are still had. */
final class Had {
    private static final int BLOCK = 32 << 10;

    private final Span span;
    private final Flash flash;
    private final Map<Rank, Long> seen = new EnumMap<>(Rank.class);
    private final BitSet waiting = new BitSet();
    private final BitSet resent = new BitSet();

    Had(Span span, Flash flash) {
        this.span = span;
        this.flash = flash;
    }

    /** Finds what waits on flash and was not looked at before. */
    void lookOnFlash() throws IOException {
        look(Rank.EVENT);
        look(Rank.OBSERVATION);
    }

    void lookAt(Iterable<Letter> letters) {
        letters.forEach(letter -> waits(letter.stamp(), letter.seq()));
    }

    /** Whether a number that does not wait is to be sent again; from now on it counts as such. */
    boolean resend(long seq) {
        boolean waits = waiting.get(place(seq));
        if (!waits) {
            resent.set(place(seq));
        }
        return !waits;
    }

    /** What became of it, where this is the last number that there is. */
    Resent result(long last) {
        long asked = Math.max(0, Math.min(last, span.to()) - span.from() + 1);
        return new Resent(resent.cardinality(), Math.max(0, asked - resent.cardinality() - waiting.cardinality()));
    }

    private void look(Rank rank) throws IOException {
        List<Line.Entry> some = flash.read(rank, seen.getOrDefault(rank, 0L), BLOCK);
        while (!some.isEmpty()) {
            for (Line.Entry entry : some) {
                look(entry.record());
                seen.put(rank, entry.number());
            }
            some = flash.read(rank, seen.getOrDefault(rank, 0L), BLOCK);
        }
    }

    private void look(byte[] record) {
        try {
            Written written = Written.read(record);
            waits(written.stamp(), written.seq());
        } catch (IllegalArgumentException e) {
            return; // of another version: as if it were not there
        }
    }

    private void waits(Stamp stamp, long seq) {
        if (span.covers(stamp.boot(), seq)) {
            waiting.set(place(seq));
        }
    }

    private int place(long seq) {
        return (int) (seq - span.from());
    }
}
