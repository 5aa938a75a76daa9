package io.gatehouse.cli.screen;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Text from outside as a terminal may show it: with nothing that a terminal would obey, or that would show it in another order. */
public final class Plain {
    private static final char INSTEAD = '\ufffd';

    /** What {@link Paint} writes, and nothing else. */
    private static final Pattern PAINT = Pattern.compile("\033\\[(?:0|1|2|31|32|33)m");

    private Plain() {}

    /** In one line: each line end and tab is a space, any other control character a replacement character. */
    public static String safe(String text) {
        return text.chars().noneMatch(Plain::isObeyed)
                ? text
                : text.lines().map(Plain::line).collect(Collectors.joining(" ")).replace('\t', ' ');
    }

    /** Line by line, with its tabs. */
    public static List<String> lines(String text) {
        return text.lines().map(Plain::line).toList();
    }

    /** The last of its lines that says something, as {@link #safe}; empty where none does. */
    public static String lastLine(String text) {
        return text.lines()
                .filter(line -> !line.isBlank())
                .reduce((before, after) -> after)
                .map(Plain::safe)
                .orElse("");
    }

    /** In one line, with its tabs, and what was painted stays so. */
    static String painted(String text) {
        if (text.chars().noneMatch(Plain::isObeyed)) {
            return text;
        }
        StringBuilder all = new StringBuilder();
        Matcher paint = PAINT.matcher(text);
        int from = 0;
        while (paint.find()) {
            all.append(between(text.substring(from, paint.start()))).append(paint.group());
            from = paint.end();
        }
        return all.append(between(text.substring(from))).toString();
    }

    /** As JSON has it, where each of them stands within a string. */
    static String inJson(String json) {
        StringBuilder all = new StringBuilder();
        json.chars().forEach(c -> all.append(isObeyed(c) ? "\\u%04x".formatted(c) : Character.toString(c)));
        return all.toString();
    }

    private static String between(String text) {
        return line(text.replace("\r\n", " ").replace('\n', ' ').replace('\r', ' '));
    }

    private static String line(String text) {
        StringBuilder line = new StringBuilder(text);
        for (int at = 0; at < line.length(); at++) {
            if (line.charAt(at) != '\t' && isObeyed(line.charAt(at))) {
                line.setCharAt(at, INSTEAD);
            }
        }
        return line.toString();
    }

    /** Control characters, separators of lines and paragraphs, and what turns the direction of text. */
    private static boolean isObeyed(int c) {
        return Character.isISOControl(c) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    }
}
