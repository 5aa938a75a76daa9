package io.gatehouse.deployment;

import io.gatehouse.api.artifact.ArtifactUnavailable;
import java.util.Set;

/** Tells artifacts that may be had later from those that only another document makes better, and whose document is refused. */
public final class Unusable {
    private static final Set<String> TYPES = Set.of("wrong-digest", "wrong-size", "no-room");

    private Unusable() {}

    /** Whether another try would end the same. */
    public static boolean is(ArtifactUnavailable why) {
        return TYPES.contains(why.type());
    }
}
