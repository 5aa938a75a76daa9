package io.gatehouse.testkit.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The gateway under its supervising script, and what both wrote. It ends with this process, however that ends. */
final class GatewayProcess {
    /** Tells the script to end when the pipe from here closes, which it also does where this process is killed. */
    private static final String WITH_US =
            "exec 3<&0 </dev/null; { cat <&3 >/dev/null; kill $$; } 2>/dev/null & exec 3<&-; exec \"$0\" \"$@\"";

    private static final Duration LOOKS_UP = Duration.ofMillis(5);

    private final List<String> command;
    private final List<String> log = new CopyOnWriteArrayList<>();
    private Process process;

    /** Starts it with these arguments. */
    GatewayProcess(List<String> arguments) {
        command = new ArrayList<>(List.of("sh", "-c", WITH_US));
        command.add(ShippedRuntime.home().resolve("bin/gatehouse-gateway").toString());
        command.addAll(arguments);
        process = start();
    }

    private Process start() {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("GATEHOUSE_JAVA_OPTS");
        builder.environment()
                .put(
                        "GATEHOUSE_JAVA",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
        try {
            Process started = builder.start();
            Thread reader = new Thread(() -> read(started), "gatehouse testkit log");
            reader.setDaemon(true);
            reader.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
    }

    private void read(Process started) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))) {
            lines.lines().forEach(log::add);
        } catch (IOException | UncheckedIOException e) {
            // it was killed
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** All that it wrote since it was first started, by lines. */
    List<String> log() {
        return List.copyOf(log);
    }

    /** Ends it without a word, by signal 9; first the script, which would start it again. */
    void kill() {
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        // its locks go with it, and the next one needs them
        while (!all.stream().allMatch(GatewayProcess::isGone)) {
            LockSupport.parkNanos(LOOKS_UP.toNanos());
        }
    }

    /** Or has only its number left, as where process 1 of a container never asks how an orphan ended. A JVM would look for that every two seconds. */
    private static boolean isGone(ProcessHandle killed) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(killed.pid()), "stat"));
            return stat.startsWith(" Z ", stat.lastIndexOf(')') + 1);
        } catch (IOException e) {
            return true; // there is no such process
        }
    }

    /** Starts it again as it was started. */
    void startAgain() {
        process = start();
    }
}
