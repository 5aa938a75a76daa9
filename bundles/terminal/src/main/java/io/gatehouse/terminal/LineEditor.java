package io.gatehouse.terminal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes lines of keys, for a shell that has no PTY: echo, backspace, Ctrl-U, Ctrl-C, Ctrl-D on an empty line, and what was entered before
 * by the keys up and down. Not thread-safe.
 */
final class LineEditor {
    private static final int LONGEST_LINE = 4096;
    private static final int MOST_LINES = 100;
    private static final int ESCAPE = 0x1b;
    private static final int BACKSPACE = 0x08;
    private static final int DELETE = 0x7f;
    private static final int CTRL_C = 0x03;
    private static final int CTRL_D = 0x04;
    private static final int CTRL_U = 0x15;

    private final String prompt;
    private final StringBuilder line = new StringBuilder();
    private final StringBuilder escape = new StringBuilder();
    private final StringBuilder echo = new StringBuilder();
    private final List<String> history = new ArrayList<>();
    private int at;
    private int last;

    /** What a key did. */
    enum Done {
        /** The line goes on. */
        TYPED,
        /** It is whole. */
        ENTERED,
        /** Nothing more is wanted: Ctrl-D. */
        LEFT
    }

    LineEditor(String prompt) {
        this.prompt = prompt;
    }

    /** A new line begins. */
    void begin() {
        line.setLength(0);
        at = history.size();
        echo.append(prompt);
    }

    /** One character was typed. */
    Done type(int c) {
        int before = last;
        last = c;
        if (escape.length() > 0) {
            escaped(c);
            return Done.TYPED;
        }
        switch (c) {
            case ESCAPE -> escape.append((char) c);
            case '\n', '\r' -> {
                boolean isSecondOfPair = c == '\n' && before == '\r';
                return isSecondOfPair ? Done.TYPED : entered();
            }
            case BACKSPACE, DELETE -> rubOut();
            case CTRL_U -> replace("");
            case CTRL_C -> {
                echo.append("^C\r\n");
                begin();
            }
            case CTRL_D -> {
                return line.length() == 0 ? Done.LEFT : Done.TYPED;
            }
            default -> insert(c);
        }
        return Done.TYPED;
    }

    /** The line that was entered. */
    String line() {
        return line.toString();
    }

    /** What is to be shown of it all since this was asked last. */
    byte[] echo() {
        byte[] bytes = echo.toString().getBytes(StandardCharsets.UTF_8);
        echo.setLength(0);
        return bytes;
    }

    private Done entered() {
        echo.append("\r\n");
        String text = line.toString();
        boolean isNew = history.isEmpty() || !history.get(history.size() - 1).equals(text);
        if (!text.isBlank() && isNew) {
            history.add(text);
        }
        if (history.size() > MOST_LINES) {
            history.remove(0);
        }
        return Done.ENTERED;
    }

    private void insert(int c) {
        if (c >= ' ' && line.length() < LONGEST_LINE) {
            line.appendCodePoint(c);
            echo.appendCodePoint(c);
        }
    }

    private void rubOut() {
        if (line.length() > 0) {
            line.setLength(line.offsetByCodePoints(line.length(), -1));
            echo.append("\b \b");
        }
    }

    /** An escape sequence goes on: {@code ESC [ A} and {@code ESC O A} are up, and B down; others are nothing here. */
    private void escaped(int c) {
        escape.append((char) c);
        boolean isIntroducer = escape.length() == 2 && (c == '[' || c == 'O');
        boolean isParameter = escape.length() > 2 && c >= 0x20 && c < 0x40 && escape.length() < 16;
        if (isIntroducer || isParameter) {
            return;
        }
        escape.setLength(0);
        if (c == 'A') {
            recall(at - 1);
        } else if (c == 'B') {
            recall(at + 1);
        }
    }

    private void recall(int wanted) {
        Optional<String> text = wanted == history.size()
                ? Optional.of("")
                : wanted >= 0 && wanted < history.size() ? Optional.of(history.get(wanted)) : Optional.empty();
        text.ifPresent(recalled -> {
            at = wanted;
            replace(recalled);
        });
    }

    private void replace(String text) {
        line.setLength(0);
        line.append(text);
        echo.append("\r\u001b[K").append(prompt).append(text);
    }
}
