package io.gatehouse.program;

import java.time.Duration;

/**
 * How a program ended.
 *
 * @param inTime whether it ended by itself, or was asked to since enough of its output had come; false where it was ended because its time was over
 * @param code that it ended with; 128 and the signal's number where a signal ended it
 * @param took from its start to its end
 * @param output what it said
 * @param errors what it said as errors, where those were to be apart
 */
public record Ended(boolean inTime, int code, Duration took, Part output, Part errors) {
    /** Whether it ended in time, and well. */
    public boolean isWell() {
        return inTime && code == 0;
    }

    /** How it ended, in words: {@code ended with code 3}. */
    public String words() {
        return inTime ? "ended with code " + code : "did not end within " + took.toSeconds() + " s and was ended";
    }
}
