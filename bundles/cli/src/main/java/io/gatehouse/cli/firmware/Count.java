package io.gatehouse.cli.firmware;

import java.util.EnumMap;
import java.util.Map;

/**
 * How far the devices of a step are; each is counted once.
 *
 * @param working those that have not come to an end, and are waited for
 * @param late those that are there and were waited for long enough: they take it when they can
 * @param failed those that refused it, failed or went back
 * @param offline those that are not there, and have not begun
 */
record Count(int applied, int working, int late, int failed, int offline) {
    static Count of(Iterable<Standing> standings) {
        Map<Standing, Integer> counts = new EnumMap<>(Standing.class);
        standings.forEach(standing -> counts.merge(standing, 1, Integer::sum));
        return new Count(
                counts.getOrDefault(Standing.APPLIED, 0),
                counts.getOrDefault(Standing.WORKING, 0),
                counts.getOrDefault(Standing.LATE, 0),
                counts.getOrDefault(Standing.FAILED, 0),
                counts.getOrDefault(Standing.OFFLINE, 0));
    }

    int devices() {
        return applied + working + late + failed + offline;
    }

    int ended() {
        return applied + failed;
    }
}
