package io.gatehouse.deployment.slot;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.software.RuntimeSlot;
import io.gatehouse.software.SlotRefused;
import java.net.URI;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The runtime that is wanted.
 *
 * @param archive nothing where it is the image's own
 */
record Wanted(RuntimeSlot slot, Optional<Artifact> archive) {
    private static final String IMAGE = "image";
    private static final int LONGEST_VERSION = 100;

    /** The digests by topic of everything that is wanted, whether or not it makes sense. */
    static Map<String, String> desired(List<Desired> all) {
        Map<String, String> desired = new HashMap<>();
        all.forEach(one -> desired.put(one.topic(), one.digest()));
        return Map.copyOf(desired);
    }

    /**
     * The narrowest scope's; the image's own where no scope wants any.
     *
     * @throws SlotRefused where the narrowest scope's document is none
     */
    static Wanted of(List<Desired> all) throws SlotRefused {
        Optional<Desired> narrowest = all.stream().max(Comparator.comparingInt(Desired::breadth));
        if (narrowest.isEmpty()) {
            return new Wanted(new RuntimeSlot(IMAGE, Optional.empty(), Map.of()), Optional.empty());
        }
        Desired one = narrowest.get();
        if (!(one.spec() instanceof Map<?, ?> spec)) {
            throw new SlotRefused("bad-runtime", one.topic() + ": spec must be an object: " + one.spec());
        }
        try {
            @SuppressWarnings("unchecked") // JSON objects have no names but strings
            Members members = Members.of("spec", (Map<String, ?>) spec);
            Artifact archive = new Artifact(sha256(members), members.integer("size", 1, Long.MAX_VALUE), url(members));
            RuntimeSlot slot = new RuntimeSlot(
                    version(members), Optional.of(archive.sha256().hex()), desired(all));
            return new Wanted(slot, Optional.of(archive));
        } catch (BadArgument e) {
            throw new SlotRefused("bad-runtime", one.topic() + ": " + e.getMessage());
        }
    }

    /** Whether it is what that runtime was made of. */
    boolean is(RuntimeSlot other) {
        return slot.sha256().equals(other.sha256());
    }

    private static String version(Members members) {
        String version = members.string("version");
        if (version.isBlank() || version.length() > LONGEST_VERSION) {
            throw members.wrong("version", version, "a version of 1 to " + LONGEST_VERSION + " characters");
        }
        return version;
    }

    private static Sha256 sha256(Members members) {
        String hex = members.string("sha256");
        try {
            return new Sha256(hex);
        } catch (IllegalArgumentException e) {
            throw members.wrong("sha256", hex, "64 lower-case hex digits");
        }
    }

    private static Optional<URI> url(Members members) {
        return members.optionalString("url").map(text -> {
            try {
                URI url = URI.create(text);
                if (("https".equals(url.getScheme()) || "http".equals(url.getScheme())) && url.getHost() != null) {
                    return url;
                }
            } catch (IllegalArgumentException e) {
                // told below, without the text: whoever reads it is not to see a password
            }
            throw members.wrong("url", "…", "an http or https address");
        });
    }
}
