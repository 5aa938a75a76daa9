package io.gatehouse.tasks.network;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.StringTokenizer;

/** Measures how long a host takes to answer. */
interface Echo {
    /**
     * Measures.
     *
     * @param timeout for each reply
     * @throws InterruptedException where it is no longer wanted; nothing of it goes on
     */
    Result measure(InetAddress address, int count, Duration timeout, Progress progress)
            throws IOException, InterruptedException;

    /**
     * What came of it.
     *
     * @param sent requests
     * @param seconds of each reply that came, in their order
     */
    record Result(int sent, List<Double> seconds) {}

    /** Is told each reply. */
    @FunctionalInterface
    interface Progress {
        void replied(int received, double seconds);
    }

    /** The best that this machine has: its own ping, which may use ICMP, or else what Java can do. */
    static Echo ofThisMachine() {
        Optional<Path> program =
                program(Optional.ofNullable(System.getenv("PATH")).orElse(""));
        return program.isPresent() ? new ProgramEcho(program.get()) : new JavaEcho(System::nanoTime);
    }

    private static Optional<Path> program(String path) {
        StringTokenizer folders = new StringTokenizer(path + ":/bin:/usr/bin:/sbin:/usr/sbin", File.pathSeparator);
        while (folders.hasMoreTokens()) {
            Path candidate = Path.of(folders.nextToken(), "ping");
            if (Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}
