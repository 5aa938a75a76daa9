package io.gatehouse.deployment;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.software.Part;
import io.gatehouse.software.Software;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the device's licenses permit of what is wanted. Thread-safe. */
final class Licenses {
    private static final System.Logger LOG = System.getLogger(Licenses.class.getName());

    private final Granted granted;
    private final Software software;
    private final Shelf shelf;
    private final Dependence dependence;

    Licenses(Granted granted, Software software, Shelf shelf, Dependence dependence) {
        this.granted = granted;
        this.software = software;
        this.shelf = shelf;
        this.dependence = dependence;
    }

    /**
     * Leaves out each feature with a bundle that needs a license which is not granted, as if it were not wanted: what it lay over comes
     * to light, and is looked at too. Whatever needs what is left out is left out with it. Of bundles whose JAR files are not here
     * nobody knows what they need.
     */
    Aim aim(List<Desired> all) {
        List<Unlicensed> unlicensed = new ArrayList<>();
        Set<String> licenses = new HashSet<>();
        Map<Wish.Choice, Manifest> leftOut = new LinkedHashMap<>();
        while (true) {
            Aim aim = aim(all, unlicensed, licenses, leftOut);
            List<Wish.Choice> choices = choices(aim.of(all));
            List<Unlicensed> more = lacking(choices, licenses);
            if (more.isEmpty() && !leftOut.isEmpty()) {
                more = dependence.among(choices, leftOut, unlicensed);
            }
            if (more.isEmpty()) {
                return aim(all, unlicensed, licenses, leftOut);
            }
            unlicensed.addAll(more);
            Set<String> topics = more.stream().map(Unlicensed::topic).collect(Collectors.toSet());
            choices.stream().filter(choice -> topics.contains(choice.topic())).forEach(choice -> shelf.manifest(
                            sha256(choice))
                    .ifPresent(manifest -> leftOut.put(choice, manifest)));
        }
    }

    private static Aim aim(
            List<Desired> all, List<Unlicensed> unlicensed, Set<String> licenses, Map<Wish.Choice, Manifest> leftOut) {
        Map<Sha256, Manifest> bundles = new HashMap<>();
        leftOut.forEach((choice, manifest) -> bundles.put(sha256(choice), manifest));
        return new Aim(Documents.digests(all), unlicensed, licenses, bundles);
    }

    /** As {@link #aim}; from now on every license that it took into account or that what runs uses is watched, and no other. */
    Aim watched(List<Desired> all) {
        Aim aim = aim(all);
        Set<String> used = used();
        while (granted.watch(union(aim.licenses(), used))) {
            aim = aim(all); // what came or went before it was watched told nobody
        }
        return aim;
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        Set<String> union = new HashSet<>(some);
        union.addAll(others);
        return union;
    }

    /** It is so: what it leaves out stays on the shelf, and nothing else that does not run. */
    void settled(Aim aim) {
        shelf.keep(aim.leftOut());
    }

    /** It is about to be made so; what was left out before stays on the shelf until it is. */
    void begun(Aim aim) {
        shelf.keepAlso(aim.leftOut());
    }

    /** Nothing where it makes no sense, which is told where a change is prepared. */
    private static List<Wish.Choice> choices(List<Desired> all) {
        try {
            return Wish.of(all).choices();
        } catch (Refused e) {
            LOG.log(System.Logger.Level.DEBUG, "what is wanted makes no sense", e);
            return List.of();
        }
    }

    private List<Unlicensed> lacking(List<Wish.Choice> choices, Set<String> licenses) {
        Set<String> needed = choices.stream()
                .flatMap(choice -> needs(choice).stream())
                .flatMap(needs -> needs.licenses().stream())
                .collect(Collectors.toSet());
        licenses.addAll(needed);
        Granted.Lacking found = granted.lacking(needed);
        Set<String> lacking = new HashSet<>(found.licenses());
        if (!found.isCertain()) {
            lacking.removeAll(used());
        }
        List<Unlicensed> unlicensed = new ArrayList<>();
        for (Wish.Choice choice : choices) {
            needs(choice).ifPresent(needs -> needs.licenses().stream()
                    .filter(lacking::contains)
                    .map(license -> new Unlicensed(
                            choice.topic(),
                            choice.feature(),
                            needs.bundle(),
                            license,
                            Optional.empty(),
                            found.isCertain()))
                    .filter(one -> !unlicensed.contains(one))
                    .forEach(unlicensed::add));
        }
        return unlicensed;
    }

    /** By what runs: these were granted when somebody last knew, and are until somebody knows better. */
    private Set<String> used() {
        return software.document().parts().stream()
                .map(Part::sha256)
                .flatMap(sha256 -> shelf.needs(new Sha256(sha256)).stream())
                .flatMap(needs -> needs.licenses().stream())
                .collect(Collectors.toSet());
    }

    private Optional<Needs> needs(Wish.Choice choice) {
        return shelf.needs(sha256(choice));
    }

    private static Sha256 sha256(Wish.Choice choice) {
        return choice.bundle().artifact().sha256();
    }
}
