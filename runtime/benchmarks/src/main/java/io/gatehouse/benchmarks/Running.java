package io.gatehouse.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process and all below it; its output is in a file. It ends when this is closed, or with this program. */
final class Running implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Process process;
    private final Path log;
    private final long began;
    private final Thread atExit = new Thread(this::kill);

    private Running(Process process, Path log, long began) {
        this.process = process;
        this.log = log;
        this.began = began;
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    static Running start(List<String> command, Map<String, String> environment, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.endsWith("JAVA_OPTS") || name.equals("JAVA_TOOL_OPTIONS"));
        builder.environment().putAll(environment);
        long began = System.nanoTime();
        return new Running(builder.start(), log, began);
    }

    /** Runs a command and waits for it to end well. */
    static void toItsEnd(List<String> command, Map<String, String> environment, Path log)
            throws IOException, InterruptedException {
        try (Running running = start(command, environment, log)) {
            if (running.process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " failed; see " + log);
            }
        }
    }

    /** Waits for it to end well. */
    void awaitEnd() throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("it did not end well; see " + log);
        }
    }

    /** When it was started, as {@link System#nanoTime}. */
    long began() {
        return began;
    }

    /** The Java process: this one, or the one below it. */
    ProcessHandle java() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            Optional<ProcessHandle> java = all().filter(
                            handle -> handle.info().command().orElse("").endsWith("/java"))
                    .findFirst();
            if (java.isPresent()) {
                return java.get();
            }
            Thread.sleep(10);
        }
        throw new IllegalStateException("no Java process; see " + log);
    }

    /** What Linux says of the Java process's memory under this name, in bytes: {@code VmRSS} now, {@code VmHWM} at most. */
    long memory(String name) throws IOException, InterruptedException {
        return memory(java(), name);
    }

    /** As {@link #memory(String)}, of the process itself. */
    long ownMemory(String name) throws IOException {
        return memory(process.toHandle(), name);
    }

    private static long memory(ProcessHandle of, String name) throws IOException {
        Path status = Path.of("/proc", Long.toString(of.pid()), "status");
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith(name + ":")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        throw new IOException("no " + name + " in " + status);
    }

    /** From now on {@code VmHWM} is what was reached from now on. */
    void forgetPeak() throws IOException, InterruptedException {
        Files.writeString(Path.of("/proc", Long.toString(java().pid()), "clear_refs"), "5");
    }

    Path log() {
        return log;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    private Stream<ProcessHandle> all() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    private void kill() {
        List<ProcessHandle> all = all().toList();
        all.forEach(ProcessHandle::destroyForcibly);
    }

    /** Stops it as init would; what does not stop is killed. */
    @Override
    public void close() {
        List<ProcessHandle> all = all().toList();
        process.destroy();
        if (!ended()) {
            System.err.println("did not stop within " + PATIENCE.toSeconds() + " s of SIGTERM; see " + log);
        }
        all.forEach(ProcessHandle::destroyForcibly);
        ended();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private boolean ended() {
        try {
            return process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
