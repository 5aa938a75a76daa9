package io.gatehouse.tunnel.ssh;

import java.time.Clock;
import java.util.function.LongSupplier;

/**
 * What all tunnels have in common.
 *
 * @param clock what is told of times
 * @param nanoTime what decides, whatever is done to the clock
 */
record Means(
        Limits limits,
        FleetRelays relays,
        Audit audit,
        Forward.Bounds bounds,
        Backoff backoff,
        Clock clock,
        LongSupplier nanoTime) {}
