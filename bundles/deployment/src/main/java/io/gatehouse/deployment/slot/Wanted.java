package io.gatehouse.deployment.slot;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.deployment.Documents;
import io.gatehouse.protocol.ArtifactMembers;
import io.gatehouse.software.RuntimeSlot;
import io.gatehouse.software.SlotRefused;
import java.util.Comparator;
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
        try {
            Members members = Documents.spec(one);
            Artifact archive = ArtifactMembers.read(members);
            RuntimeSlot slot = new RuntimeSlot(
                    version(members), Optional.of(archive.sha256().hex()), Documents.digests(all));
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
}
