package io.gatehouse.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table of a page in {@code docs}, with what is said around it: a line for each thing that can happen, and what came of it in {@code ./dev test} and
 * with {@code --long}. With {@code --record} each test writes there what it saw; all else is held against the tests by a test.
 */
final class RecordedTable<R extends Enum<R> & RecordedTable.Row> {
    static final String NOTHING = "-";

    /** Whether the tests that take long run too. */
    static final boolean IS_LONG = Boolean.getBoolean("gatehouse.long");

    private final Path page;
    private final Class<R> rows;
    private final String introduction;
    private final String close;

    /** A line. */
    interface Row {
        /** Its first two columns. */
        String title();

        /** Who holds it, as {@code SomeTest.someMethod}. */
        String test();

        /** What stands where nothing was written yet. */
        default String unrecorded() {
            return NOTHING;
        }
    }

    /**
     * The part of a page that begins with a heading and ends before the next one of that level.
     *
     * @param introduction all before the lines, from the heading to the head of the table
     * @param close all behind the lines
     */
    RecordedTable(Path page, Class<R> rows, String introduction, String close) {
        this.page = page;
        this.rows = rows;
        this.introduction = introduction;
        this.close = close;
    }

    /** Puts what was seen on the page, where that is asked for. */
    synchronized void held(R row, String seen) throws IOException {
        System.out.println(row + ": " + seen);
        if (!Boolean.getBoolean("reliability.write")) {
            return;
        }
        Map<R, List<String>> cells = cells();
        cells.get(row).set(IS_LONG ? 1 : 0, seen);
        Files.writeString(page, Files.readString(page).replace(current(), text(cells)));
    }

    /** This part of the page with these figures. */
    String text(Map<R, List<String>> cells) {
        StringBuilder text = new StringBuilder(introduction);
        cells.forEach((row, both) -> text.append("| ")
                .append(row.title())
                .append(" | ")
                .append(String.join(" | ", both))
                .append(" | `")
                .append(row.test())
                .append("` |\n"));
        return text.append(close).toString();
    }

    /** This part of the page, as it is. */
    String current() throws IOException {
        String whole = Files.readString(page);
        String heading = introduction.substring(0, introduction.indexOf('\n') + 1);
        int begin = whole.indexOf(heading);
        if (begin < 0) {
            throw new AssertionError(page + " has no " + heading);
        }
        Matcher next =
                Pattern.compile("(?m)^#{1," + heading.indexOf(' ') + "} ").matcher(whole);
        return whole.substring(begin, next.find(begin + heading.length()) ? next.start() : whole.length());
    }

    /** The figures of the page, as it is: for each line those of {@code ./dev test} and those with {@code --long}. */
    Map<R, List<String>> cells() throws IOException {
        Map<R, List<String>> cells = new EnumMap<>(rows);
        String[] lines = current().split("\n");
        for (R row : rows.getEnumConstants()) {
            cells.put(row, new ArrayList<>(List.of(row.unrecorded(), row.unrecorded())));
            for (String line : lines) {
                String[] columns = line.split(" \\| ");
                if (columns.length == 5 && line.startsWith("| " + row.title() + " | ")) {
                    cells.put(row, new ArrayList<>(List.of(columns[2], columns[3])));
                }
            }
        }
        return cells;
    }
}
