package io.gatehouse.deployment;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.desired.Desired;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is to become of all that is wanted.
 *
 * @param desired all that was looked at: the SHA-256 of the payload by topic
 * @param unlicensed what of it is left out, and why
 * @param licenses all that are needed, whether or not they are granted
 * @param leftOut the bundles of the features that are left out, as far as they are known
 */
record Aim(
        Map<String, String> desired, List<Unlicensed> unlicensed, Set<String> licenses, Map<Sha256, Manifest> leftOut) {
    Aim {
        desired = Map.copyOf(desired);
        unlicensed = List.copyOf(unlicensed);
        licenses = Set.copyOf(licenses);
        leftOut = Map.copyOf(leftOut);
    }

    /** One that leaves nothing out. */
    static Aim of(Map<String, String> desired) {
        return new Aim(desired, List.of(), Set.of(), Map.of());
    }

    /** What the software is to be made from: all but what is left out. So what is committed tells what was not. */
    Map<String, String> target() {
        Map<String, String> target = new HashMap<>(desired);
        target.keySet().removeAll(topics());
        return target;
    }

    /** The wishes that are not left out. */
    List<Desired> of(List<Desired> all) {
        Set<String> topics = topics();
        return all.stream().filter(one -> !topics.contains(one.topic())).toList();
    }

    private Set<String> topics() {
        return unlicensed.stream().map(Unlicensed::topic).collect(Collectors.toSet());
    }
}
