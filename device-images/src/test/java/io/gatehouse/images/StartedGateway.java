package io.gatehouse.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A gateway that was started from an image, with a broker that is not there. Closing stops it as a system would. */
final class StartedGateway implements AutoCloseable {
    private static final long STOP_SECONDS = 60;

    private final Process process;
    private final Path log;

    private StartedGateway(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts it with this environment and no other, and waits until its log says that all its bundles run. */
    static StartedGateway await(Path log, Map<String, String> environment, Duration patience, List<String> command)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
        StartedGateway gateway = new StartedGateway(
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
        try {
            Awaitility.await("its log to say that it started: " + command)
                    .atMost(patience)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> gateway.log().contains("bundles, started in") || !gateway.process.isAlive());
            if (!gateway.log().contains("bundles, started in")) {
                throw new AssertionError(command + " ended; it said:\n" + gateway.log());
            }
            return gateway;
        } catch (Throwable e) {
            gateway.close();
            throw new AssertionError(command + " did not start; it said:\n" + gateway.log(), e);
        }
    }

    String log() throws IOException {
        return Files.readString(log, StandardCharsets.UTF_8);
    }

    /** The process that was started, which others are below. */
    ProcessHandle handle() {
        return process.toHandle();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        boolean stopped = false;
        try {
            stopped = process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!stopped) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
