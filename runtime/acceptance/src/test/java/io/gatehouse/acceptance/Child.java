package io.gatehouse.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A process of its own, with all that it says; it does not outlive its closing. */
public final class Child implements AutoCloseable {
    private static final long END_SECONDS = 60;

    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private boolean ended;

    private Child(Process process, String name) {
        this.process = process;
        Thread reader = new Thread(this::read, "output of " + name);
        reader.setDaemon(true);
        reader.start();
    }

    public static Child start(List<String> command) throws IOException {
        return start(command, Path.of("").toAbsolutePath(), Map.of());
    }

    public static Child start(List<String> command, Path directory, Map<String, String> environment)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().putAll(environment);
        return new Child(builder.redirectErrorStream(true).start(), command.get(0));
    }

    /** A main class of this very class path, in a small Java of its own. */
    public static Child java(String main, List<String> arguments) throws IOException {
        return java(System.getProperty("java.class.path"), List.of(), main, arguments);
    }

    /** A main class of that class path, in a small Java of its own. */
    public static Child java(String classPath, List<String> options, String main, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                classPath));
        command.addAll(options);
        command.add(main);
        command.addAll(arguments);
        return start(command);
    }

    /** Waits for a line of its output, and returns it. */
    public synchronized String awaitLine(Predicate<String> wanted, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        for (int seen = 0; ; seen++) {
            while (seen == lines.size()) {
                long left = end - System.nanoTime();
                if (left <= 0 || ended) {
                    throw new AssertionError((ended ? "ended" : "silent for " + patience) + "; it said:\n" + output());
                }
                wait(left / 1_000_000 + 1);
            }
            if (wanted.test(lines.get(seen))) {
                return lines.get(seen);
            }
        }
    }

    /** All that it said until now, on both of its outputs. */
    public synchronized String output() {
        return String.join("\n", lines);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** Sends a signal by its name, for example {@code STOP}. */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    /** Ends it at once, as {@code kill -9} does. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Asks it to end, and waits until it did; returns its exit code. */
    public int stop() throws InterruptedException {
        process.destroy();
        return awaitEnd();
    }

    public int awaitEnd() throws InterruptedException {
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("process " + process.pid() + " does not end; it said:\n" + output());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void read() {
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add("(its output broke off: " + e.getMessage() + ")");
        } finally {
            end();
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }
}
