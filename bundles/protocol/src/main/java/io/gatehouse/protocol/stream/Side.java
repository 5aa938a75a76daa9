package io.gatehouse.protocol.stream;

import java.nio.charset.StandardCharsets;

/** Who speaks at a stream. */
public enum Side {
    /** Who asked for it: has the keyboard and the screen. */
    OPERATOR("in", 64 << 10),
    /** Where the shell runs. */
    DEVICE("out", 16 << 10);

    private final String level;
    private final int window;

    Side(String level, int window) {
        this.level = level;
        this.window = window;
    }

    /** The last level of the topic that this side publishes at. */
    public String level() {
        return level;
    }

    public Side other() {
        return this == OPERATOR ? DEVICE : OPERATOR;
    }

    /** How many bytes this side holds that nobody took yet. */
    int window() {
        return window;
    }

    byte[] associated() {
        return level.getBytes(StandardCharsets.US_ASCII);
    }
}
