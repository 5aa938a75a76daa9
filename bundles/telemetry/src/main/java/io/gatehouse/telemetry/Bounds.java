package io.gatehouse.telemetry;

import java.time.Duration;

/**
 * How far collectors may go before they would harm each other or the device.
 *
 * @param workers runs at the same time
 * @param workersPerBundle runs of one bundle at the same time
 * @param collectorsPerBundle services of one bundle that are run at all
 * @param abandoned threads of collectors that do not stop for which a new worker takes the place
 * @param abandonedPerBundle threads that do not stop until no collector of that revision of the bundle is run any more
 * @param grace time to stop after the deadline's interrupt
 * @param reading largest reading, in bytes of JSON
 */
record Bounds(
        int workers,
        int workersPerBundle,
        int collectorsPerBundle,
        int abandoned,
        int abandonedPerBundle,
        Duration grace,
        int reading) {
    static final Bounds DEVICE = new Bounds(8, 2, 64, 16, 2, Duration.ofSeconds(2), 65_536);
}
