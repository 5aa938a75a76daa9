package io.gatehouse.telemetry;

/** What was thrown, in a line that may be sent. */
final class Cause {
    private static final int LONGEST = 400;

    private Cause() {}

    /** Class, message and the line where it came from. Runs the throwable's own code, and so only on a worker. */
    static String of(Throwable thrown) {
        String name = thrown.getClass().getName();
        try {
            StackTraceElement[] trace = thrown.getStackTrace();
            String text = name
                    + (thrown.getMessage() == null ? "" : ": " + thrown.getMessage())
                    + (trace.length == 0 ? "" : " at " + trace[0]);
            return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
        } catch (Throwable further) {
            // The boundary with somebody else's code: an exception may override getMessage(), or memory be short.
            return name;
        }
    }
}
