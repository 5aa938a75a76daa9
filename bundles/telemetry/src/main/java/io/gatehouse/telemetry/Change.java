package io.gatehouse.telemetry;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether one reading differs from another by more than a dead band. */
final class Change {
    private Change() {}

    /** Compares in depth, leaf by leaf; only numbers have a band. */
    static boolean between(@Nullable Object before, @Nullable Object now, double deadBand) {
        if (before instanceof Number b && now instanceof Number n) {
            return moved(b, n, deadBand);
        }
        if (before instanceof Map<?, ?> b && now instanceof Map<?, ?> n) {
            return inMap(b, n, deadBand);
        }
        if (before instanceof List<?> b && now instanceof List<?> n) {
            return inList(b, n, deadBand);
        }
        return before == null || !before.equals(now);
    }

    private static boolean moved(Number before, Number now, double deadBand) {
        if (before.equals(now)) {
            return false;
        }
        if (before instanceof Long && now instanceof Long && deadBand == 0) {
            return true; // as doubles, two large counters would look alike
        }
        double distance = Math.abs(before.doubleValue() - now.doubleValue());
        return distance > deadBand;
    }

    private static boolean inMap(Map<?, ?> before, Map<?, ?> now, double deadBand) {
        if (before.size() != now.size()) {
            return true;
        }
        for (Map.Entry<?, ?> member : now.entrySet()) {
            if (between(before.get(member.getKey()), member.getValue(), deadBand)) {
                return true;
            }
        }
        return false;
    }

    private static boolean inList(List<?> before, List<?> now, double deadBand) {
        if (before.size() != now.size()) {
            return true;
        }
        Iterator<?> others = now.iterator();
        for (Object element : before) {
            if (between(element, others.next(), deadBand)) {
                return true;
            }
        }
        return false;
    }
}
