package io.gatehouse.acceptance;

import java.util.List;
import java.util.Map;

/**
 * What is different about the machine of a gateway.
 *
 * @param before the words of a command that runs the one after it there, for example {@code ip netns exec far}
 * @param environment what its processes find in their environment beside the usual
 */
record Surroundings(List<String> before, Map<String, String> environment) {
    static final Surroundings USUAL = new Surroundings(List.of(), Map.of());

    static Surroundings of(String... before) {
        return new Surroundings(List.of(before), Map.of());
    }
}
