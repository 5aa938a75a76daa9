package io.gatehouse.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** The gateway as it is shipped: the folder that runs by itself, as a process of its own. */
final class GatewayProcess implements AutoCloseable {
    private final List<String> command;
    private final Surroundings surroundings;
    private final Path state;
    private final Path log;
    private Process process;

    private GatewayProcess(List<String> command, Surroundings surroundings, Path state, Path log) {
        this.command = command;
        this.surroundings = surroundings;
        this.state = state;
        this.log = log;
        this.process = launch();
    }

    static Path home() {
        return Path.of(System.getProperty("gateway.home")).toAbsolutePath().normalize();
    }

    /** Starts one; its log lies beside its state. */
    static GatewayProcess start(URI broker, String device, Path state, String... more) {
        return start(Surroundings.USUAL, broker, device, state, more);
    }

    /** As {@link #start(URI, String, Path, String...)}, where something about the machine is different. */
    static GatewayProcess start(Surroundings surroundings, URI broker, String device, Path state, String... more) {
        return start(home(), surroundings, broker, device, state, more);
    }

    /** As {@link #start(URI, String, Path, String...)}, of another image than the one that is shipped. */
    static GatewayProcess start(
            Path home, Surroundings surroundings, URI broker, String device, Path state, String... more) {
        List<String> command = new ArrayList<>(surroundings.before());
        command.addAll(List.of(
                home.resolve("bin/gatehouse-gateway").toString(),
                "--broker",
                broker.toString(),
                "--device",
                device,
                "--state",
                state.toString(),
                "--cache",
                cache(state),
                "-D",
                Fleet.root()));
        command.addAll(List.of(more));
        return new GatewayProcess(command, surroundings, state, state.resolveSibling(state.getFileName() + ".log"));
    }

    /** Beside the tests' temporary folders: its links point out of them, and that is not theirs to judge. */
    private static String cache(Path state) {
        return Path.of("target/cache", state.getParent().getFileName().toString())
                .toAbsolutePath()
                .toString();
    }

    private Process launch() {
        try {
            Files.createDirectories(state);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(surroundings.environment());
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
    }

    Path state() {
        return state;
    }

    /** All it ever said. */
    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log, e);
        }
    }

    /** The Java process below the supervising script. */
    ProcessHandle java() {
        return Awaitility.await("a Java process below " + process.pid())
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .until(
                        () -> process.descendants()
                                .filter(handle -> handle.info()
                                        .command()
                                        .filter(name -> name.endsWith("/java"))
                                        .isPresent())
                                .findFirst(),
                        java.util.Optional::isPresent)
                .orElseThrow();
    }

    /** Power cut: script and Java are killed at once, neither notices. */
    void cut() {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(handle -> handle.onExit().join());
    }

    /** Starts it again after {@link #cut} or {@link #stop}. */
    void startAgain() {
        process = launch();
    }

    /** Stops it as init would. */
    int stop() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                throw new AssertionError("did not stop within 20 s of SIGTERM; log:\n" + log());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the gateway stops", e);
        }
    }

    /** Of the supervising script, or of what runs it. */
    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        cut();
    }
}
