package io.gatehouse.launcher;

/** A failure and its causes in one line, without what a cause only repeats. */
final class Causes {
    private static final int DEEPEST = 8;

    private Causes() {}

    static String of(Throwable failure) {
        StringBuilder line = new StringBuilder();
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            line.append(depth == 0 ? "" : "; caused by ").append(words(cause));
            Throwable next = cause.getCause();
            cause = next == cause ? null : next;
        }
        return line.toString();
    }

    private static String words(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        String message = failure.getMessage();
        Throwable cause = failure.getCause();
        if (message == null || (cause != null && message.equals(cause.toString()))) {
            return name;
        }
        return name + ": " + message.strip();
    }
}
