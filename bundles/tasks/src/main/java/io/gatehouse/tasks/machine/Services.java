package io.gatehouse.tasks.machine;

import io.gatehouse.program.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Whoever runs this machine's services. */
interface Services {
    /**
     * How a service is.
     *
     * @return nothing where there is none of this name
     * @throws IOException where it does not say
     */
    Optional<ServiceStatus> status(String name) throws IOException, InterruptedException;

    /**
     * Stops it, if it runs, and starts it.
     *
     * @return why that did not work; nothing where it did
     */
    Optional<String> restart(String name) throws IOException, InterruptedException;

    /**
     * By what this machine runs, of systemd and procd; nothing where it is neither.
     *
     * @param root of the machine's files
     * @param nanoTime as {@link System#nanoTime}, which is what systemd counts by too
     */
    static Optional<Services> ofThisMachine(Path root, Clock clock, LongSupplier nanoTime) {
        if (Files.isDirectory(root.resolve("run/systemd/system"))) {
            return Program.find("systemctl").map(program -> new Systemd(program, clock, nanoTime));
        }
        if (Files.isExecutable(root.resolve("sbin/procd"))) {
            Program ubus = Program.find("ubus").orElseGet(() -> Program.of(List.of("/bin/ubus")));
            return Optional.of(new Procd(root.resolve("etc"), ubus));
        }
        return Optional.empty();
    }
}
