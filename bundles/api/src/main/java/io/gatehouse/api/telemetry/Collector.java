package io.gatehouse.api.telemetry;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Reads something of the machine. Register one as a service with {@link Publishes}; the runtime asks it at its period, on
 * a thread of its own, never two times at once, and accounts what it costs to its bundle.
 */
@ConsumerType
@FunctionalInterface
public interface Collector {
    /**
     * Reads now. It may block up to its deadline; then its thread is interrupted.
     *
     * @return what was read, or {@link Reading#nothing()} where this machine has nothing of the kind
     * @throws IOException where it cannot be read; reported, and tried again later with growing pauses
     * @throws InterruptedException where the deadline passed
     */
    Reading read() throws IOException, InterruptedException;
}
