package io.gatehouse.telemetry;

import io.gatehouse.api.telemetry.Collector;

/** Where a collector comes from. Both methods run somebody else's code, and so only on a worker. */
interface Source {
    /**
     * The collector, made where it is not there yet.
     *
     * @throws IllegalStateException if it cannot be had
     */
    Collector collector();

    /** It is needed no more. */
    void release();
}
