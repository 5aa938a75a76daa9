package io.gatehouse.cli.screen;

import java.util.ArrayList;
import java.util.List;

/** Rows under a heading, each column as wide as its widest cell. A column without any cell is left out. */
public final class Table {
    private static final String GAP = "  ";

    private final Paint paint;
    private final List<String> heading;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(Paint paint, String... heading) {
        this.paint = paint;
        this.heading = List.of(heading);
    }

    /** Adds a row with as many cells as the heading has. */
    public void row(String... cells) {
        if (cells.length != heading.size()) {
            throw new IllegalArgumentException(cells.length + " cells under a heading of " + heading.size());
        }
        rows.add(List.of(cells));
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(line(heading.stream().map(paint::strong).toList()));
        rows.forEach(row -> lines.add(line(row)));
        return lines;
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            int width = width(column);
            if (width > 0) {
                String cell = cells.get(column);
                line.append(cell)
                        .append(" ".repeat(Math.max(0, width - Paint.columns(cell))))
                        .append(GAP);
            }
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        int widest = rows.stream()
                .mapToInt(row -> Paint.columns(row.get(column)))
                .max()
                .orElse(0);
        return widest == 0 ? 0 : Math.max(widest, heading.get(column).length());
    }
}
