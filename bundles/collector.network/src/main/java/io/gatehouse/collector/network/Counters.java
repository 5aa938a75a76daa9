package io.gatehouse.collector.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringTokenizer;

/** What one interface counted since it was made, each way: bytes, packets, errors, drops. */
final class Counters {
    private static final List<String> NAMES = List.of("bytes", "packets", "errors", "drops");
    private static final int EACH_WAY = NAMES.size();

    /** Columns of {@code /proc/net/dev} from one way to the other. */
    private static final int COLUMNS = 8;

    private static final long WRAP = 1L << 32;

    /** Bytes, or anything else, in a second that a counter of 32 bits may be believed to have counted: 10 Gbit/s. */
    private static final double FASTEST = 1.25e9;

    private final long[] counts;

    private Counters(long[] counts) {
        this.counts = counts;
    }

    /** Reads what stands behind the interface's name. */
    static Counters parse(StringTokenizer words) {
        long[] counts = new long[2 * EACH_WAY];
        for (int column = 0; column < 2 * COLUMNS; column++) {
            long count = Long.parseUnsignedLong(words.nextToken());
            if (column % COLUMNS < EACH_WAY) {
                counts[column / COLUMNS * EACH_WAY + column % COLUMNS] = count;
            }
        }
        return new Counters(counts);
    }

    /**
     * What was counted since then, or nothing where the counters began anew. A counter of 32 bits that ran over is told from
     * one that began anew by having been near its end, by the amount, and by the others: they begin anew all together.
     *
     * @param seconds that passed
     */
    Optional<Counters> since(Counters then, double seconds) {
        long[] passed = new long[counts.length];
        for (int at = 0; at < counts.length; at++) {
            passed[at] = counts[at] - then.counts[at];
            if (passed[at] < 0) {
                boolean wasNearItsEnd = then.counts[at] >= WRAP / 4 * 3 && then.counts[at] < WRAP;
                passed[at] += WRAP;
                if (!wasNearItsEnd || passed[at] > seconds * FASTEST) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(new Counters(passed));
    }

    Map<String, Object> received() {
        return named(0);
    }

    Map<String, Object> sent() {
        return named(EACH_WAY);
    }

    private Map<String, Object> named(int from) {
        Map<String, Object> named = new LinkedHashMap<>();
        for (int at = 0; at < EACH_WAY; at++) {
            named.put(NAMES.get(at), counts[from + at]);
        }
        return named;
    }
}
