package io.gatehouse.firmware;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A firmware that is being taken.
 *
 * @param desired the digests of all documents by topic, for reports
 * @param round 1 for the first time that it is tried
 * @param starts how often a process began with it at this stage
 * @param left why it is left, where that is so
 */
record Attempt(
        Release release,
        Map<String, String> desired,
        Origin origin,
        Stage stage,
        int round,
        int starts,
        Optional<String> left) {
    /** The first time. */
    static Attempt begin(Wanted wanted, Origin origin) {
        return new Attempt(Release.of(wanted), wanted.desired(), origin, Stage.INSTALLING, 1, 0, Optional.empty());
    }

    /** The same firmware, as another document wants it. */
    Attempt nowOf(Wanted wanted) {
        return new Attempt(Release.of(wanted), wanted.desired(), origin, stage, round, starts, left);
    }

    Attempt at(Stage next) {
        return new Attempt(release, desired, origin, next, round, starts, left);
    }

    Attempt from(Origin now) {
        return new Attempt(release, desired, now, stage, round, starts, left);
    }

    /** A process begins with it in what ran before: the machine was not started again. */
    Attempt startedAgain() {
        return new Attempt(release, desired, origin, stage, round, starts + 1, left);
    }

    /** A process begins with it on trial. Those that ended before the machine was started again say nothing of it. */
    Attempt onTrial() {
        int before = stage == Stage.STARTED ? starts : 0;
        return new Attempt(release, desired, origin, Stage.STARTED, round, before + 1, left);
    }

    /** Whatever came of this round, there is another. */
    Attempt nextRound(Stage from) {
        return new Attempt(release, desired, origin, from, round + 1, 0, Optional.empty());
    }

    Attempt left(String why) {
        return new Attempt(release, desired, origin, stage, round, starts, Optional.of(why));
    }

    /** Whether the boot loader may have been told. */
    boolean isActivated() {
        return stage.compareTo(Stage.ACTIVATED) >= 0;
    }

    boolean isOf(Wanted wanted) {
        return release.digest().equals(wanted.digest());
    }

    static Attempt read(Members members) {
        Members topics = members.object("desired");
        Map<String, String> desired = new HashMap<>();
        topics.values().keySet().forEach(topic -> desired.put(topic, topics.string(topic)));
        return new Attempt(
                Release.read(members.object("release")),
                Map.copyOf(desired),
                Origin.read(members.object("origin")),
                stage(members),
                (int) members.integer("round", 1, Integer.MAX_VALUE),
                (int) members.integer("starts", 0, Integer.MAX_VALUE),
                members.optionalString("left"));
    }

    Map<String, Object> write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("release", release.write());
        members.put("desired", desired);
        members.put("origin", origin.write());
        members.put("stage", stage.name().toLowerCase(Locale.ROOT));
        members.put("round", round);
        members.put("starts", starts);
        left.ifPresent(why -> members.put("left", why));
        return members;
    }

    private static Stage stage(Members members) {
        String stage = members.string("stage");
        try {
            return Stage.valueOf(stage.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw (BadArgument) members.wrong("stage", stage, "a stage").initCause(e);
        }
    }
}
