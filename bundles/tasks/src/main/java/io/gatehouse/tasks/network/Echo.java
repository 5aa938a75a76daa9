package io.gatehouse.tasks.network;

import io.gatehouse.program.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
        Optional<Echo> program = Program.find("ping").map(ProgramEcho::new);
        return program.orElseGet(() -> new JavaEcho(System::nanoTime));
    }
}
