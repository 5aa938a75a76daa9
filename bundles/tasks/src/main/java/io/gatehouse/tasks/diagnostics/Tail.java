package io.gatehouse.tasks.diagnostics;

import java.util.ArrayDeque;
import java.util.Deque;

/** Keeps the last lines that it is given. */
final class Tail {
    private final int most;
    private final Deque<String> lines = new ArrayDeque<>();
    private int size;

    /** Keeps so many characters at most. */
    Tail(int most) {
        this.most = most;
    }

    void add(String line) {
        lines.add(line);
        size += line.length() + 1;
        while (size > most && !lines.isEmpty()) {
            size -= lines.remove().length() + 1;
        }
    }

    String text() {
        return String.join("\n", lines) + "\n";
    }
}
