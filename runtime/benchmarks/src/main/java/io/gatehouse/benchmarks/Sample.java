package io.gatehouse.benchmarks;

import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * What was measured of one thing, several times.
 *
 * @param values one or more
 */
record Sample(List<Double> values) {
    Sample {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
        values = List.copyOf(values);
    }

    static Sample of(double... values) {
        return new Sample(java.util.Arrays.stream(values).boxed().toList());
    }

    double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The median and, where there is more than one value, the least and the most. */
    String text(String unit) {
        String median = format(median()) + " " + unit;
        return values.size() == 1
                ? median
                : median + " (" + format(Collections.min(values)) + "–" + format(Collections.max(values)) + ")";
    }

    /** Three digits that count. */
    static String format(double value) {
        double size = Math.abs(value);
        int decimals = size >= 100 || value == Math.rint(value) ? 0 : size >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value).replace(',', ' ');
    }
}
