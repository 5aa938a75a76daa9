package io.gatehouse.protocol;

/** Text that others wrote, as it may stand in a log or a report. */
public final class Harmless {
    private static final int LONGEST = 400;

    private Harmless() {}

    /** Cut short, with question marks for what could steer a terminal or break a line. */
    public static String text(String text) {
        String cut = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
        return cut.replaceAll("[\\p{Cntrl}\\x{80}-\\x{9F}\\x{2028}\\x{2029}]", "?");
    }
}
