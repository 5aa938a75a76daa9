package io.gatehouse.licensing;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.desired.Desired;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A license as somebody brought it, believed by nobody yet.
 *
 * @param breadth of the scope that it came at; -1 for a file of the image
 */
record Claimed(String name, String token, int breadth) {
    private static final int IMAGE = -1;

    /** Of each name one: the narrowest scope's, or the image's file where there is none. */
    static Map<String, Claimed> of(Map<String, String> files, List<Desired> all) {
        Map<String, Claimed> claimed = new TreeMap<>();
        files.forEach((name, token) -> claimed.put(name, new Claimed(name, token, IMAGE)));
        all.stream().sorted(Comparator.comparingInt(Desired::breadth)).forEach(one -> {
            // what is no string is no token either, and is refused as such
            String token = one.spec() instanceof String text ? text : "";
            String name = one.name().orElse("");
            claimed.put(name, new Claimed(name, token, one.breadth()));
        });
        return claimed;
    }

    /** What is wanted of a resource: the payload's SHA-256 by topic. */
    static Map<String, String> digests(List<Desired> all) {
        Map<String, String> digests = new HashMap<>();
        all.forEach(one -> digests.put(one.topic(), one.digest()));
        return digests;
    }

    String sha256() {
        return Sha256.of(token.getBytes(StandardCharsets.UTF_8)).hex();
    }
}
