package io.gatehouse.deployment;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.software.Part;
import io.gatehouse.software.Software;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.felix.utils.resource.CapabilitySet;
import org.apache.felix.utils.resource.SimpleFilter;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.resource.Capability;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;

/**
 * Which features need one that is left out: a bundle of theirs requires what only a bundle of that one provides. That is a package, a
 * bundle, a host or any other capability, and also a service that both manifests declare: without it a component would not be satisfied.
 */
final class Dependence {
    private static final System.Logger LOG = System.getLogger(Dependence.class.getName());

    private final BundleContext context;
    private final Software software;
    private final Shelf shelf;

    Dependence(BundleContext context, Software software, Shelf shelf) {
        this.context = context;
        this.software = software;
        this.shelf = shelf;
    }

    /**
     * Those of the choices whose features need one that is left out, and why. Of bundles whose JAR files are not here nobody knows.
     *
     * @param choices what is not left out
     * @param leftOut what is
     * @param unlicensed why it is
     */
    List<Unlicensed> among(List<Wish.Choice> choices, Map<Wish.Choice, Manifest> leftOut, List<Unlicensed> unlicensed) {
        Map<Wish.Choice, Collection<Capability>> lost = new LinkedHashMap<>();
        leftOut.forEach(
                (choice, manifest) -> lost.put(choice, manifest.resource().getCapabilities(null)));
        Map<Sha256, Manifest> known = known(choices);
        List<Part> chosen = chosen(choices, known);
        Map<Sha256, Resource> resources = resources(chosen, known);
        Offers offers = new Offers(chosen, resources.values());
        Set<Unlicensed> more = new LinkedHashSet<>();
        for (Part part : chosen) {
            Resource resource = resources.get(new Sha256(part.sha256()));
            if (resource != null) {
                resource.getRequirements(null).stream()
                        .filter(Dependence::isNeeded)
                        .flatMap(requirement -> provider(requirement, lost, offers).stream())
                        .forEach(provider -> more.addAll(with(part, choices, provider, unlicensed)));
            }
        }
        return List.copyOf(more);
    }

    /** Every feature that brings the part, for every license that the provider lacks. */
    private static List<Unlicensed> with(
            Part part, List<Wish.Choice> choices, Wish.Choice provider, List<Unlicensed> unlicensed) {
        return choices.stream()
                .filter(choice -> choice.bundle().artifact().sha256().hex().equals(part.sha256()))
                .flatMap(choice -> unlicensed.stream()
                        .filter(why -> why.topic().equals(provider.topic()))
                        .map(why -> why.through(choice, part.symbolicName())))
                .toList();
    }

    /** Who is left out and alone provides it. */
    private static Optional<Wish.Choice> provider(
            Requirement requirement, Map<Wish.Choice, Collection<Capability>> lost, Offers offers) {
        return lost.entrySet().stream()
                .filter(one -> isMet(requirement, one.getValue()))
                .map(Map.Entry::getKey)
                .findFirst()
                .filter(provider -> !offers.meet(requirement));
    }

    private static boolean isNeeded(Requirement requirement) {
        String resolution = requirement.getDirectives().getOrDefault(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE, "");
        return !resolution.equals(Namespace.RESOLUTION_OPTIONAL)
                && !resolution.equals("dynamic")
                && !requirement.getNamespace().equals(Needs.NAMESPACE);
    }

    private static boolean isMet(Requirement requirement, Collection<Capability> capabilities) {
        String text = requirement.getDirectives().get(Namespace.REQUIREMENT_FILTER_DIRECTIVE);
        SimpleFilter filter = text == null ? SimpleFilter.MATCH_ALL_FILTER : SimpleFilter.parse(text);
        return capabilities.stream()
                .anyMatch(offer -> offer.getNamespace().equals(requirement.getNamespace())
                        && CapabilitySet.matches(offer, filter));
    }

    private Map<Sha256, Manifest> known(List<Wish.Choice> choices) {
        Map<Sha256, Manifest> known = new HashMap<>();
        for (Wish.Choice choice : choices) {
            Sha256 sha256 = choice.bundle().artifact().sha256();
            shelf.manifest(sha256).ifPresent(manifest -> known.put(sha256, manifest));
        }
        return known;
    }

    private List<Part> chosen(List<Wish.Choice> choices, Map<Sha256, Manifest> known) {
        try {
            return Selection.parts(
                    choices.stream()
                            .filter(choice ->
                                    known.containsKey(choice.bundle().artifact().sha256()))
                            .toList(),
                    known,
                    software.factory());
        } catch (Refused e) { // whoever prepares a change with them says so
            LOG.log(System.Logger.Level.DEBUG, "what is wanted makes no sense", e);
            return List.of();
        }
    }

    private static Map<Sha256, Resource> resources(List<Part> parts, Map<Sha256, Manifest> known) {
        Map<Sha256, Resource> resources = new LinkedHashMap<>();
        for (Part part : parts) {
            Sha256 sha256 = new Sha256(part.sha256());
            Manifest manifest = known.get(sha256);
            if (manifest != null) {
                resources.put(sha256, manifest.resource());
            }
        }
        return resources;
    }

    /** What is there without what is left out. The image's own is read only where nothing else will do. */
    private final class Offers {
        private final List<Part> chosen;
        private final List<Capability> near = new ArrayList<>();
        private Optional<List<Capability>> image = Optional.empty();

        Offers(List<Part> chosen, Collection<Resource> resources) {
            this.chosen = chosen;
            resources.forEach(resource -> near.addAll(resource.getCapabilities(null)));
            near.addAll(context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
                    .adapt(BundleWiring.class)
                    .getResourceCapabilities(null));
        }

        boolean meet(Requirement requirement) {
            return isMet(requirement, near) || isMet(requirement, image());
        }

        private List<Capability> image() {
            List<Capability> known = image.orElseGet(this::read);
            image = Optional.of(known);
            return known;
        }

        private List<Capability> read() {
            Set<String> replaced = new HashSet<>();
            chosen.forEach(part -> replaced.add(part.symbolicName()));
            return software.factory().stream()
                    .filter(part -> !replaced.contains(part.symbolicName()))
                    .flatMap(part -> shelf.manifest(new Sha256(part.sha256())).stream())
                    .flatMap(manifest -> manifest.resource().getCapabilities(null).stream())
                    .toList();
        }
    }
}
