package io.gatehouse.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a run found, as Markdown.
 *
 * @param surroundings by name: the machine, the JDK, the broker, the day
 * @param methods a sentence or two on how each thing is measured
 * @param gaps what was left out, and what would put it in
 */
record Report(Map<String, String> surroundings, List<Row> rows, List<String> methods, List<String> gaps) {
    String markdown() {
        List<String> lines = new ArrayList<>();
        lines.add("# Benchmarks");
        lines.add("");
        lines.add(
                "Written by `./dev bench`, which runs the gateway as it is shipped beside a plain Java program that does the"
                        + " same with stock Paho alone (the floor), in one run, on one machine, at one broker. Compare ratios: times"
                        + " depend on the machine. Each value is a median, with the least and the most behind it.");
        lines.add("");
        lines.add("| | |");
        lines.add("|---|---|");
        surroundings.forEach((name, value) -> lines.add("| " + name + " | " + value + " |"));
        lines.add("");
        lines.add("| what | gateway | held against | ratio | target | |");
        lines.add("|---|---|---|---|---|---|");
        rows.forEach(row -> lines.add(line(row)));
        lines.add("");
        lines.add(verdict());
        section(lines, "How it is measured", methods);
        section(lines, "Not in this run", gaps);
        return String.join("\n", lines) + "\n";
    }

    /** Which targets are missed, plainly. */
    String verdict() {
        List<String> missed =
                rows.stream().filter(Row::isMissed).map(Report::miss).toList();
        long held = rows.stream().filter(row -> row.target().isPresent()).count();
        return missed.isEmpty()
                ? "All " + held + " targets measured here are met."
                : "**Missed, " + missed.size() + " of " + held + ":** " + String.join("; ", missed) + ".";
    }

    private static String miss(Row row) {
        return row.what() + row.other().map(other -> " against " + other.name()).orElse("") + " ("
                + number(row, row.value()) + ", not " + target(row) + ")";
    }

    private static String line(Row row) {
        return "| " + row.what()
                + " | " + row.gateway().text(row.unit())
                + " | "
                + row.other()
                        .map(other -> other.name() + ": " + other.sample().text(row.unit()))
                        .orElse("")
                + " | " + row.other().map(other -> number(row, row.value())).orElse("")
                + " | " + target(row)
                + " | " + (row.target().isEmpty() ? "" : row.isMissed() ? "**missed**" : "met")
                + " |";
    }

    private static String target(Row row) {
        return row.target()
                .map(target -> (target.atMost() ? "≤ " : "≥ ")
                        + (row.other().isPresent() ? Sample.format(target.limit()) : number(row, target.limit())))
                .orElse("");
    }

    private static String number(Row row, double value) {
        return row.other().isPresent()
                ? String.format(Locale.ROOT, "%.2f", value)
                : Sample.format(value) + " " + row.unit();
    }

    private static void section(List<String> lines, String title, List<String> items) {
        if (!items.isEmpty()) {
            lines.add("");
            lines.add("## " + title);
            lines.add("");
            items.forEach(item -> lines.add("- " + item));
        }
    }
}
