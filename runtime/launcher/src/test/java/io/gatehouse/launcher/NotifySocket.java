package io.gatehouse.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** The socket at which systemd would be told that a service goes on. What {@code systemd-notify} says there is written down. */
final class NotifySocket implements AutoCloseable {
    private static final String READER =
            "use Socket; $| = 1; socket(S, PF_UNIX, SOCK_DGRAM, 0) or die; bind(S, sockaddr_un($ARGV[0])) or die;"
                    + " while (defined recv(S, $m, 4096, 0)) { print \"$m\\n\" }";

    private final Path socket;
    private final Path said;
    private final Process reader;

    private NotifySocket(Path socket, Path said, Process reader) {
        this.socket = socket;
        this.said = said;
        this.reader = reader;
    }

    /** Opens it, or skips the test where a program for that is missing, and says which. */
    static NotifySocket open(Path folder) throws IOException {
        for (String program : new String[] {"systemd-notify", "perl"}) {
            boolean there = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
            assumeTrue(there, () -> "skipped: what systemd is told is not tried, because there is no " + program);
        }
        Path socket = folder.resolve("notify");
        Path said = folder.resolve("notified");
        Process reader = new ProcessBuilder("perl", "-e", READER, socket.toString())
                .redirectOutput(said.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        await().until(() -> Files.exists(socket));
        return new NotifySocket(socket, said, reader);
    }

    /** As systemd sets it for a service that is to say something each such time. */
    Map<String, String> environment(Duration period) {
        return Map.of(
                "NOTIFY_SOCKET",
                socket.toString(),
                "WATCHDOG_USEC",
                String.valueOf(period.toNanos() / 1000),
                "WATCHDOG_PID",
                "1");
    }

    /** How often it was said so far that the service goes on. */
    long alive() throws IOException {
        try (Stream<String> lines = Files.lines(said)) {
            return lines.filter("WATCHDOG=1"::equals).count();
        }
    }

    /** Waits until nothing was said for so long. */
    void awaitSilence(Duration time) {
        AtomicLong last = new AtomicLong(-1);
        await().atMost(Duration.ofSeconds(30)).during(time).until(() -> {
            long now = alive();
            return last.getAndSet(now) == now;
        });
    }

    @Override
    public void close() {
        reader.destroyForcibly();
    }
}
