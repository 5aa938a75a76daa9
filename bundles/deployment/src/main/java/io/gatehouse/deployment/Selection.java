package io.gatehouse.deployment;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.software.Part;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which bundles of a wish run: one of each symbolic name. */
final class Selection {
    private Selection() {}

    /**
     * The narrower scope's bundle, at one scope the higher version.
     *
     * @param jars the wish's bundles
     * @param factory the image's parts; what is the same bytes needs nothing over it
     * @throws Refused where two bundles of one scope and version differ
     */
    static List<Part> parts(List<Wish.Choice> choices, Map<Sha256, ? extends Named> jars, List<Part> factory)
            throws Refused {
        Map<String, Wish.Choice> winners = new LinkedHashMap<>();
        for (Wish.Choice choice : choices) {
            Named jar = jar(choice, jars);
            Wish.Choice other = winners.get(jar.symbolicName());
            if (other == null || wins(choice, other, jars)) {
                winners.put(jar.symbolicName(), choice);
            }
        }
        refuseTwins(choices, winners, jars);
        Map<String, String> image = new HashMap<>();
        factory.forEach(part -> image.put(part.symbolicName(), part.sha256()));
        return winners.values().stream()
                .map(choice -> part(choice, jar(choice, jars)))
                .filter(part -> !part.sha256().equals(image.get(part.symbolicName())))
                .toList();
    }

    private static boolean wins(Wish.Choice choice, Wish.Choice other, Map<Sha256, ? extends Named> jars) {
        if (choice.breadth() != other.breadth()) {
            return choice.breadth() > other.breadth();
        }
        return jar(choice, jars).version().compareTo(jar(other, jars).version()) > 0;
    }

    private static void refuseTwins(
            List<Wish.Choice> choices, Map<String, Wish.Choice> winners, Map<Sha256, ? extends Named> jars)
            throws Refused {
        for (Wish.Choice choice : choices) {
            Named jar = jar(choice, jars);
            Wish.Choice winner = winners.get(jar.symbolicName());
            if (winner != null
                    && winner.breadth() == choice.breadth()
                    && jar(winner, jars).version().equals(jar.version())
                    && !sha256(winner).equals(sha256(choice))) {
                throw new Refused(
                        "two-bundles",
                        jar + " is in " + winner.feature() + " with SHA-256 " + sha256(winner) + " and in "
                                + choice.feature() + " with SHA-256 " + sha256(choice)
                                + "; give one of them a higher version");
            }
        }
    }

    private static Part part(Wish.Choice choice, Named jar) {
        return new Part(
                choice.bundle().id(),
                jar.symbolicName(),
                jar.version().toString(),
                sha256(choice).hex(),
                choice.bundle().artifact().size());
    }

    private static Named jar(Wish.Choice choice, Map<Sha256, ? extends Named> jars) {
        Named jar = jars.get(sha256(choice));
        if (jar == null) {
            throw new IllegalStateException("not fetched: " + choice.bundle().id());
        }
        return jar;
    }

    private static Sha256 sha256(Wish.Choice choice) {
        return choice.bundle().artifact().sha256();
    }
}
