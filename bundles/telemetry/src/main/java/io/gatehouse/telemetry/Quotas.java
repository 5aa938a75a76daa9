package io.gatehouse.telemetry;

import java.util.HashMap;
import java.util.Map;

/** The quota of each bundle, by its symbolic name: a bundle that goes and comes again is the same. */
final class Quotas {
    private static final int MOST_IDLE = 128;

    private final Map<String, Quota> byBundle = new HashMap<>();

    Quota of(Owner owner) {
        Quota quota = byBundle.get(owner.symbolicName());
        if (quota == null) {
            if (byBundle.size() >= MOST_IDLE) {
                byBundle.values().removeIf(Quota::isIdle);
            }
            quota = new Quota(owner.revision(), System.nanoTime());
            byBundle.put(owner.symbolicName(), quota);
        }
        return quota;
    }
}
