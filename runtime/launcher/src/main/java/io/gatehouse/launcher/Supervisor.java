package io.gatehouse.launcher;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the supervising script says in the environment. It is the image's, whatever runtime it started, so this is a contract
 * between all of them.
 *
 * @param brokenEnds how many processes in a row ended by themselves
 * @param image the image's folder, whose settings hold also for a runtime in a slot
 * @param slots where the other runtimes are; nothing where the script would start none
 */
record Supervisor(int brokenEnds, Optional<Path> image, Optional<Path> slots) {
    static final Supervisor NONE = new Supervisor(0, Optional.empty(), Optional.empty());

    private static final String BROKEN_ENDS = "GATEHOUSE_BROKEN_ENDS";
    private static final String IMAGE = "GATEHOUSE_IMAGE";
    private static final String SLOTS = "GATEHOUSE_SLOTS";

    static Supervisor read(Map<String, String> environment) throws Misuse {
        String ends = environment.getOrDefault(BROKEN_ENDS, "0");
        try {
            return new Supervisor(
                    Integer.parseUnsignedInt(ends), folder(environment, IMAGE), folder(environment, SLOTS));
        } catch (NumberFormatException e) {
            throw new Misuse(BROKEN_ENDS + " must be a number, as bin/gatehouse-gateway sets it: " + ends, e);
        }
    }

    private static Optional<Path> folder(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isEmpty())
                .map(Path::of);
    }
}
