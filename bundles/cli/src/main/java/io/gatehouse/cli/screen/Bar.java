package io.gatehouse.cli.screen;

/** How far something is, in 20 columns and a percentage: {@code [########............]  40 %}. */
public final class Bar {
    private static final int COLUMNS = 20;

    private Bar() {}

    /** Draws a ratio from 0 to 1; what lies outside counts as the nearer end. */
    public static String of(double ratio) {
        double bounded = Math.min(1, Math.max(0, ratio));
        int full = (int) Math.floor(bounded * COLUMNS);
        String digits = String.valueOf((int) Math.floor(bounded * 100));
        return "[" + "#".repeat(full) + ".".repeat(COLUMNS - full) + "] " + " ".repeat(3 - digits.length()) + digits
                + " %";
    }
}
