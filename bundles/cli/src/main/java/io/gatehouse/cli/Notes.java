package io.gatehouse.cli;

import io.gatehouse.cli.screen.Plain;
import java.util.List;

/** The notes of one device, as lines. They may be the pieces of a text, with line ends wherever those come. */
final class Notes {
    private static final int LONGEST_LINE = 4096;

    private String last = "";
    private String begun = "";

    /**
     * What is to be said now that this came. Of a text those lines that have ended; any other note is a line, and nothing where it
     * is the one before again.
     */
    List<String> take(String note) {
        if (begun.isEmpty() && note.indexOf('\n') < 0) {
            boolean isNews = !note.isBlank() && !note.equals(last);
            last = note;
            return isNews ? List.of(Plain.safe(note)) : List.of();
        }
        String text = begun + note;
        int ended = text.lastIndexOf('\n') + 1;
        int end = text.length() - ended > LONGEST_LINE ? text.length() : ended;
        begun = text.substring(end);
        return Plain.lines(text.substring(0, end));
    }

    /** The line that did not end, for when nothing more comes. */
    List<String> rest() {
        List<String> rest = Plain.lines(begun);
        begun = "";
        return rest;
    }
}
