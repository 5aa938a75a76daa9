package io.gatehouse.cli.screen;

import io.gatehouse.protocol.Json;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Where a command writes: results to the one stream, remarks to the other, and on a terminal a few lines that are drawn
 * over and over while something goes on. Whatever is in what it writes, a terminal obeys nothing of it but paint.
 */
public final class Screen {
    private final PrintStream out;
    private final PrintStream err;
    private final Terminal terminal;
    private final boolean json;
    private List<String> drawn = List.of();
    private boolean raw;

    /**
     * What the streams lead to.
     *
     * @param columns of the terminal; 0 where the results go to none
     * @param rows of the terminal
     * @param colored whether to paint
     */
    public record Terminal(int columns, int rows, boolean colored) {
        private static final int USUAL_ROWS = 24;

        /** A file, a pipe. */
        public static final Terminal NONE = new Terminal(0, false);

        /** One with as many rows as terminals usually have. */
        public Terminal(int columns, boolean colored) {
            this(columns, USUAL_ROWS, colored);
        }
    }

    public Screen(PrintStream out, PrintStream err, Terminal terminal, boolean json) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.json = json;
    }

    /** Whether results are wanted as JSON, one object a line. */
    public boolean json() {
        return json;
    }

    /** Whether lines may be drawn over. */
    public boolean live() {
        return terminal.columns() > 0 && !json;
    }

    /** How many lines may be drawn over: one that scrolled away could not be. */
    public int rows() {
        return Math.max(2, terminal.rows() - 1);
    }

    public Paint paint() {
        return terminal.colored() && !json ? Paint.COLORED : Paint.PLAIN;
    }

    /** A line of the result. */
    public synchronized void line(String line) {
        wipe();
        out.println(plain(line));
        out.flush();
    }

    public void lines(List<String> lines) {
        lines.forEach(this::line);
    }

    /** A result as JSON. */
    public void object(Map<String, ?> object) {
        line(Plain.inJson(new String(Json.write(object), StandardCharsets.UTF_8)));
    }

    /** A remark, which is no result. */
    public synchronized void note(String note) {
        wipe();
        if (raw) {
            err.print("\r\n" + plain(note) + "\r\n");
        } else {
            err.println(plain(note));
        }
        err.flush();
    }

    /** Whether a terminal shows bytes as they are, so that a line begins at its left by a carriage return alone. */
    public synchronized void raw(boolean is) {
        wipe();
        raw = is;
    }

    /** A line for people only: where JSON is wanted it is not shown. */
    public void say(String line) {
        if (!json) {
            line(line);
        }
    }

    /** Shows these lines in the place of those drawn before; only on a terminal. */
    public synchronized void draw(List<String> lines) {
        if (!live() || lines.equals(drawn)) {
            return;
        }
        wipe();
        for (String line : lines) {
            out.println(cut(plain(line).replace('\t', ' ')));
        }
        out.flush();
        drawn = List.copyOf(lines);
    }

    /** Writes as much of a line as the terminal has columns for; all of it where there is no terminal. */
    public void glance(String line) {
        line(terminal.columns() > 0 ? cut(line) : line);
    }

    /** A line that wraps could not be drawn over. */
    private String cut(String line) {
        return Paint.columns(line) < terminal.columns() ? line : Paint.begin(line, terminal.columns() - 1);
    }

    /** The last word on it, where whoever composed a line forgot that a value comes from outside. */
    private String plain(String line) {
        return paint() == Paint.COLORED ? Plain.painted(line) : Plain.painted(line.replace('\033', '\ufffd'));
    }

    private void wipe() {
        if (!drawn.isEmpty()) {
            out.print("\033[" + drawn.size() + "F\033[J");
            drawn = List.of();
        }
    }
}
