package io.gatehouse.licensing;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.desired.Desired;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A license as somebody brought it, believed by nobody yet.
 *
 * @param breadth of the scope that it came at; -1 for a file of the image
 * @param topic that it came at; nothing for a file of the image
 */
record Claimed(String name, String token, int breadth, Optional<String> topic) {
    private static final int IMAGE = -1;

    /**
     * By their names, and of one name in the order in which they count: the narrowest scope's first, and the image's file last. After
     * each document comes what was accepted at its topic before, where that was another.
     *
     * @param held the token that was last accepted at a topic
     */
    static Map<String, List<Claimed>> of(
            Map<String, String> files, List<Desired> all, Function<String, Optional<String>> held) {
        Map<String, List<Claimed>> claimed = new TreeMap<>();
        all.stream()
                .sorted(Comparator.comparingInt((Desired one) -> -one.breadth()))
                .forEach(one -> {
                    Claimed now = of(one);
                    List<Claimed> same = claimed.computeIfAbsent(now.name(), name -> new ArrayList<>());
                    same.add(now);
                    held.apply(one.topic())
                            .filter(token -> !token.equals(now.token()))
                            .ifPresent(token -> same.add(new Claimed(now.name(), token, one.breadth(), now.topic())));
                });
        files.forEach((name, token) -> claimed.computeIfAbsent(name, any -> new ArrayList<>())
                .add(new Claimed(name, token, IMAGE, Optional.empty())));
        return claimed;
    }

    private static Claimed of(Desired one) {
        // what is no string is no token either, and is refused as such
        String token = one.spec() instanceof String text ? text : "";
        return new Claimed(one.name().orElse(""), token, one.breadth(), Optional.of(one.topic()));
    }

    /** What is wanted of a resource: the payload's SHA-256 by topic. */
    static Map<String, String> digests(List<Desired> all) {
        Map<String, String> digests = new HashMap<>();
        all.forEach(one -> digests.put(one.topic(), one.digest()));
        return digests;
    }

    /** Of a token that was believed, SHA-256 of the claims as they were signed, in hex: the same whichever key signs them, and whatever a release understands of them. */
    String claims() {
        return Sha256.of(token.substring(token.indexOf('.') + 1, token.lastIndexOf('.'))
                        .getBytes(StandardCharsets.US_ASCII))
                .hex();
    }
}
