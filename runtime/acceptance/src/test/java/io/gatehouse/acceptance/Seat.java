package io.gatehouse.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Somebody who sits at a terminal in which a program runs: a real one, with lines and columns. */
final class Seat implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final OutputStream keyboard;
    private final StringBuilder screen = new StringBuilder();

    private Seat(Process process) {
        this.process = process;
        this.keyboard = process.getOutputStream();
        Thread reader = new Thread(this::read, "screen of " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a program in a terminal of 80 columns and 24 lines. */
    static Seat at(List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder("script", "-qefc", "stty cols 80 rows 24; exec " + quoted(command), "/dev/null");
        builder.environment().putAll(environment);
        builder.environment().put("TERM", "xterm-256color");
        builder.environment().put("SHELL", "/bin/sh");
        return new Seat(builder.redirectErrorStream(true).start());
    }

    private static String quoted(List<String> words) {
        StringBuilder line = new StringBuilder();
        words.forEach(
                word -> line.append('\'').append(word.replace("'", "'\\''")).append("' "));
        return line.toString();
    }

    /** Types, as a keyboard does: Enter is {@code \r}, Ctrl-C is {@code \u0003}. */
    void type(String keys) throws IOException {
        keyboard.write(keys.getBytes(StandardCharsets.UTF_8));
        keyboard.flush();
    }

    /** How much was on the screen until now. */
    int mark() {
        synchronized (screen) {
            return screen.length();
        }
    }

    /** All that the screen showed after this mark, with what moves the cursor. */
    String since(int mark) {
        synchronized (screen) {
            return screen.substring(Math.min(mark, screen.length()));
        }
    }

    /** Waits until the screen showed this after that mark. */
    void await(int mark, String text) {
        try {
            Awaitility.await(text)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> since(mark).contains(text));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "\"" + text + "\" did not come to the screen within " + PATIENCE + "; it shows:\n" + since(0), e);
        }
    }

    /** Types this again and again until the screen shows that. */
    void typeUntil(String keys, String text) {
        int mark = mark();
        Awaitility.await(text)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    type(keys);
                    return since(mark).contains(text);
                });
    }

    /** The window gets another size. */
    void resize(int columns, int rows) throws IOException {
        Path terminal = process.descendants()
                .map(child -> Path.of("/proc/" + child.pid() + "/fd/0"))
                .map(Seat::target)
                .filter(target -> target.startsWith("/dev/pts"))
                .findFirst()
                .orElseThrow(() -> new IOException("no terminal below process " + process.pid()));
        Shell.run("stty", "-F", terminal.toString(), "cols", String.valueOf(columns), "rows", String.valueOf(rows));
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            return link; // of a process that ended meanwhile
        }
    }

    /** Waits until the program ended; its exit code. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("does not end; the screen shows:\n" + since(0));
        }
        return process.exitValue();
    }

    private void read() {
        byte[] buffer = new byte[8192];
        try (InputStream in = process.getInputStream()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                synchronized (screen) {
                    screen.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            synchronized (screen) {
                screen.append("\n(the screen broke off: ")
                        .append(e.getMessage())
                        .append(")");
            }
        }
    }

    /** The window is closed. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
