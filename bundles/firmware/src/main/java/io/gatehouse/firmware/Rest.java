package io.gatehouse.firmware;

import java.time.Duration;

/** Lets time pass. */
@FunctionalInterface
interface Rest {
    /** Returns when it has passed. */
    void take(Duration time) throws InterruptedException;
}
