package io.gatehouse.terminal;

/** How large a terminal is, in characters. */
public record Size(int columns, int rows) {
    /** What terminals have been since there were any. */
    public static final Size USUAL = new Size(80, 24);

    private static final int MOST = 1000;

    public Size {
        if (columns < 1 || columns > MOST || rows < 1 || rows > MOST) {
            throw new IllegalArgumentException(
                    "a terminal has from 1 to " + MOST + " columns and rows: " + columns + " x " + rows);
        }
    }

    /** What the other side says it has: nothing, or nonsense, becomes what is usual, and what is too large the largest. */
    public static Size near(int columns, int rows) {
        return new Size(
                columns < 1 ? USUAL.columns() : Math.min(columns, MOST),
                rows < 1 ? USUAL.rows() : Math.min(rows, MOST));
    }
}
