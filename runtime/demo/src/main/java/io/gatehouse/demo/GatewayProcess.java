package io.gatehouse.demo;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The gateway as a process of its own, under its supervisor, and the last lines that it wrote. */
final class GatewayProcess {
    private static final int LAST_LINES = 15;
    private static final int STOPS_WITHIN_SECONDS = 10;

    /** What the supervisor's own lines begin with. */
    private static final String SUPERVISOR = "gatehouse-gateway: ";

    private final Process process;
    private final Path log;
    private final Consumer<String> note;
    private final Deque<String> last = new ArrayDeque<>();
    private volatile boolean stopping;
    private final Thread reader = new Thread(this::read, "gateway output");

    private GatewayProcess(Process process, Path log, Consumer<String> note) {
        this.process = process;
        this.log = log;
        this.note = note;
    }

    /**
     * Starts it.
     *
     * @param log file that its lines are written to
     * @param note is told when its supervisor had to start it again, from another thread
     */
    static GatewayProcess start(List<String> command, Path log, Consumer<String> note) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        GatewayProcess gateway = new GatewayProcess(process, log, note);
        gateway.reader.setDaemon(true);
        gateway.reader.start();
        return gateway;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Its exit code, once it has ended. */
    int exitCode() {
        return process.exitValue();
    }

    /** What it wrote last. */
    List<String> lastLines() {
        synchronized (last) {
            return List.copyOf(last);
        }
    }

    /** Waits until all that it wrote was read. */
    void awaitOutput() throws InterruptedException {
        reader.join(TimeUnit.SECONDS.toMillis(1));
    }

    /** Asks it to end, waits, and leaves no process of it behind. */
    void stop() {
        List<ProcessHandle> children = process.descendants().toList();
        stopping = true;
        // By its handle: Process itself would close the pipe that it writes its last lines to.
        process.toHandle().destroy();
        try {
            if (!process.waitFor(STOPS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                note.accept("the gateway did not end within " + STOPS_WITHIN_SECONDS + " s and is killed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.toHandle().destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    private void read() {
        try (BufferedReader lines =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                BufferedWriter file = Files.newBufferedWriter(log)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                take(line, file);
            }
        } catch (IOException e) {
            if (stopping) {
                return; // it is gone
            }
            note.accept("the gateway's output cannot be written to " + log + ": " + e.getMessage());
        }
    }

    private void take(String line, Writer file) throws IOException {
        file.write(line + System.lineSeparator());
        file.flush();
        if (line.startsWith(SUPERVISOR)) {
            note.accept(line + " (see " + log + ")");
        }
        synchronized (last) {
            last.addLast(line);
            if (last.size() > LAST_LINES) {
                last.removeFirst();
            }
        }
    }
}
