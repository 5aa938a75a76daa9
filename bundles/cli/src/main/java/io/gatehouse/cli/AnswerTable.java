package io.gatehouse.cli;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.cli.fleet.Ends;
import io.gatehouse.cli.screen.Bar;
import io.gatehouse.cli.screen.MessageLine;
import io.gatehouse.cli.screen.Paint;
import io.gatehouse.cli.screen.Plain;
import io.gatehouse.cli.screen.Table;
import io.gatehouse.protocol.Reply;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the devices of a group answer, as a table that fills. Where all that are done answer the same members, each member has a
 * column of its own.
 */
final class AnswerTable {
    private static final String NOT_YET = "…";
    private static final int SUMMARY_AND_HEADING = 2;

    private final Paint paint;
    private final Map<String, Row> rows = new TreeMap<>();
    private int changes;

    /**
     * How far one device is.
     *
     * @param change rises with each change of any device
     */
    private record Row(String device, int change, Optional<Reply.Running> now, Optional<Outcome> end, boolean silent) {
        boolean isTrouble() {
            return silent || end.flatMap(Ends::problem).isPresent();
        }

        Map<String, Object> result() {
            return end.orElse(null) instanceof Outcome.Done done ? MessageLine.flat(done.result()) : Map.of();
        }
    }

    AnswerTable(Paint paint, Collection<String> devices) {
        this.paint = paint;
        devices.forEach(device -> rows.put(device, new Row(device, 0, Optional.empty(), Optional.empty(), false)));
    }

    /** A device says how far it is. */
    void running(String device, Reply.Running now) {
        put(new Row(device, 0, Optional.of(now), Optional.empty(), false));
    }

    /** A device said its end. */
    void ended(String device, Outcome end) {
        put(new Row(device, 0, Optional.empty(), Optional.of(end), false));
    }

    /** The time is up for all that said no end. */
    void timeIsUp() {
        rows.replaceAll((device, row) ->
                row.end().isPresent() ? row : new Row(device, row.change(), Optional.empty(), Optional.empty(), true));
    }

    private void put(Row row) {
        changes++;
        rows.put(row.device(), new Row(row.device(), changes, row.now(), row.end(), false));
    }

    /** The table with every device, in the order of their names. */
    List<String> lines() {
        return table(rows.values());
    }

    /** One device's line. */
    String line(String device) {
        Row row = rows.get(device);
        return row == null
                ? device
                : String.join("  ", device, state(row), words(row, false)).stripTrailing();
    }

    /** At most so many lines: where there are more devices, how many are through, and those that say most. */
    List<String> lines(int most) {
        if (rows.size() + 1 <= most) {
            return lines();
        }
        Comparator<Row> newest = Comparator.comparing(Row::change).reversed();
        List<Row> shown = rows.values().stream()
                .sorted(Comparator.comparing(Row::isTrouble).reversed().thenComparing(newest))
                .limit(Math.max(1, most - SUMMARY_AND_HEADING))
                .toList();
        List<String> lines = new ArrayList<>(List.of(summary()));
        lines.addAll(table(shown));
        return lines;
    }

    private String summary() {
        long ended = rows.values().stream().filter(row -> row.end().isPresent()).count();
        long trouble = rows.values().stream().filter(Row::isTrouble).count();
        return ended + " of " + rows.size() + " answered"
                + (trouble == 0 ? "" : ", " + paint.bad(trouble + " in trouble"))
                + ", " + (rows.size() - ended) + " to come";
    }

    private List<String> table(Collection<Row> shown) {
        List<String> members = members(shown);
        List<String> heading = new ArrayList<>(List.of("DEVICE", "STATE"));
        members.forEach(member -> heading.add(member.toUpperCase(Locale.ROOT)));
        heading.add(members.isEmpty() ? "RESULT" : "NOTE");
        Table table = new Table(paint, heading.toArray(String[]::new));
        for (Row row : shown) {
            List<String> cells = new ArrayList<>(List.of(row.device(), state(row)));
            Map<String, Object> result = row.result();
            members.forEach(member -> cells.add(result.containsKey(member) ? String.valueOf(result.get(member)) : ""));
            cells.add(words(row, !members.isEmpty()));
            table.row(cells.toArray(String[]::new));
        }
        return table.lines();
    }

    /** The members that all who are done answer; none where one answers others, or a list. */
    private static List<String> members(Collection<Row> shown) {
        List<Map<String, Object>> results = shown.stream()
                .filter(row -> row.end().orElse(null) instanceof Outcome.Done)
                .map(Row::result)
                .toList();
        Set<String> members = new LinkedHashSet<>();
        results.forEach(result -> members.addAll(result.keySet()));
        boolean same = results.stream().allMatch(result -> result.keySet().equals(members));
        boolean flat =
                results.stream().noneMatch(result -> result.values().stream().anyMatch(List.class::isInstance));
        boolean readable = members.stream().noneMatch(member -> member.contains("["));
        return same && flat && readable ? List.copyOf(members) : List.of();
    }

    private String state(Row row) {
        if (row.silent()) {
            return paint.remarkable("silent");
        }
        return row.end()
                .map(end -> end instanceof Outcome.Done ? paint.good(Ends.word(end)) : paint.bad(Ends.word(end)))
                .orElseGet(() -> row.now().isPresent() ? "running" : NOT_YET);
    }

    private static String words(Row row, boolean resultHasColumns) {
        if (row.now().isPresent()) {
            Reply.Running now = row.now().get();
            return (Bar.of(now.progress()) + "  " + Plain.lastLine(now.note())).stripTrailing();
        }
        Optional<String> problem = row.end().flatMap(Ends::problem).map(Answers::words);
        return problem.orElseGet(() -> resultHasColumns
                ? ""
                : row.result().entrySet().stream()
                        .map(member -> member.getKey() + "=" + member.getValue())
                        .collect(Collectors.joining(" ")));
    }
}
