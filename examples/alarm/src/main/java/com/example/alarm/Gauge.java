package com.example.alarm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number that a file of the kernel has.
 *
 * @param after what stands before the number; the first of the file where this is empty
 */
record Gauge(Path file, String after, double scale) {
    private static final Pattern NUMBER = Pattern.compile("\\s*(-?\\d+(?:\\.\\d+)?)");

    /**
     * Reads it now.
     *
     * @throws IOException where there is no such file, or no such number in it
     */
    double read() throws IOException {
        String text = Files.readString(file);
        int from = text.indexOf(after);
        Matcher number = NUMBER.matcher(text).region(from < 0 ? 0 : from + after.length(), text.length());
        if (from < 0 || !number.lookingAt()) {
            throw new IOException(
                    "there is no number in " + file + (after.isEmpty() ? "" : " behind \"" + after + "\""));
        }
        return Double.parseDouble(number.group(1)) * scale;
    }
}
