package io.gatehouse.deployment;

import java.util.LinkedHashMap;
import java.util.Map;

/** Configurations over configurations, merged PID by PID and key by key. */
final class Layers {
    private Layers() {}

    /** Both, and of two values of one key the upper one, whatever types the keys are written with. */
    static Map<String, Map<String, Object>> over(
            Map<String, Map<String, Object>> lower, Map<String, Map<String, Object>> upper) {
        Map<String, Map<String, Object>> both = new LinkedHashMap<>(lower);
        upper.forEach((pid, configuration) -> {
            Map<String, Object> merged = new LinkedHashMap<>(both.getOrDefault(pid, Map.of()));
            configuration.forEach((key, value) -> {
                merged.keySet().removeIf(other -> Values.name(other).equals(Values.name(key)));
                merged.put(key, value);
            });
            both.put(pid, merged);
        });
        return both;
    }
}
