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
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

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
        } catch (ConditionTimeoutException e) {
            throw gateway.failed("did not start: " + command, e);
        }
        if (!gateway.log().contains("bundles, started in")) {
            throw gateway.failed("ended: " + command, null);
        }
        return gateway;
    }

    private AssertionError failed(String how, @Nullable Throwable cause) throws IOException {
        close();
        return new AssertionError("the gateway " + how + "; it said:\n" + log(), cause);
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
