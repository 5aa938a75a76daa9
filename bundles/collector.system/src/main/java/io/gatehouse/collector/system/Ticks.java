package io.gatehouse.collector.system;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;

/** How long a processor was in each mode, in ticks, as in {@code /proc/stat}. */
final class Ticks {
    private static final List<String> MODES =
            List.of("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal");
    private static final int IDLE = MODES.indexOf("idle");
    private static final int IOWAIT = MODES.indexOf("iowait");

    private final long[] modes;

    private Ticks(long[] modes) {
        this.modes = modes;
    }

    /** Reads one line; modes that an old kernel does not have are 0, and guests are in user already. */
    static Ticks parse(String line) {
        StringTokenizer words = new StringTokenizer(line);
        words.nextToken();
        long[] modes = new long[MODES.size()];
        for (int mode = 0; mode < modes.length && words.hasMoreTokens(); mode++) {
            modes[mode] = Long.parseLong(words.nextToken());
        }
        return new Ticks(modes);
    }

    /** The ticks between then and this. The kernel lets single counters go back a little: those count as unchanged. */
    Ticks since(Ticks then) {
        long[] passed = new long[modes.length];
        for (int mode = 0; mode < modes.length; mode++) {
            passed[mode] = Math.max(0, modes[mode] - then.modes[mode]);
        }
        return new Ticks(passed);
    }

    long total() {
        long total = 0;
        for (long ticks : modes) {
            total += ticks;
        }
        return total;
    }

    /** The ratio of the time that was not idle. */
    double busy() {
        return ratio(total() - modes[IDLE] - modes[IOWAIT]);
    }

    Map<String, Object> ratios() {
        Map<String, Object> ratios = new LinkedHashMap<>();
        ratios.put("busy", busy());
        for (int mode = 0; mode < modes.length; mode++) {
            ratios.put(MODES.get(mode), ratio(modes[mode]));
        }
        return ratios;
    }

    /** To four digits: there are not more ticks in a period. */
    private double ratio(long ticks) {
        return Math.round(10_000.0 * ticks / total()) / 10_000.0;
    }
}
