package io.gatehouse.deployment;

import io.gatehouse.software.Part;
import io.gatehouse.software.Plan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.resource.Capability;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;
import org.osgi.service.resolver.ResolutionException;
import org.osgi.service.resolver.Resolver;

/** Finds out whether bundles would resolve after a change, before anything is touched. */
final class Resolving {
    /** Bundles on the way to the broker say so with this capability, and each what it is there. */
    static final String MANAGEMENT = "io.gatehouse.management";

    private final BundleContext context;
    private final Resolver resolver;

    Resolving(BundleContext context, Resolver resolver) {
        this.context = context;
        this.resolver = resolver;
    }

    /**
     * Checks a plan.
     *
     * @param jars by symbolic name: those of all parts that are installed or updated
     * @param neighbours what all bundles are held to afterwards
     * @throws Refused where a bundle would not resolve, needs what its vendor is not granted, or the way to the broker
     *     would lack a part that is there now
     */
    void check(Plan plan, Map<String, Jar> jars, Neighbours neighbours) throws Refused {
        if (plan.changesNoBundle()) {
            return;
        }
        Set<String> gone = new HashSet<>();
        Stream.concat(plan.updated().stream(), plan.removed().stream())
                .map(Part::symbolicName)
                .forEach(gone::add);
        List<Resource> fresh = resources(jars);
        Hypothesis hypothesis = hypothesis(gone, fresh, neighbours);
        refuseLostRoles(gone, hypothesis);
        refuseMissing(hypothesis, neighbours);
        try {
            resolver.resolve(hypothesis);
        } catch (ResolutionException e) {
            throw new Refused(
                    "unresolved", "the bundles do not go together: " + firstLine(String.valueOf(e.getMessage())), e);
        }
    }

    private static List<Resource> resources(Map<String, Jar> jars) throws Refused {
        List<Resource> resources = new ArrayList<>();
        for (Jar jar : jars.values()) {
            resources.add(jar.resource());
        }
        return resources;
    }

    private Hypothesis hypothesis(Set<String> gone, List<Resource> fresh, Neighbours neighbours) {
        Hypothesis hypothesis = new Hypothesis(neighbours);
        fresh.forEach(hypothesis::need);
        Collection<Bundle> rewired = rewired(gone, fresh);
        for (Bundle bundle : context.getBundles()) {
            if (isGone(bundle, gone)) {
                continue;
            }
            BundleRevision revision = bundle.adapt(BundleRevision.class);
            BundleWiring wiring = bundle.adapt(BundleWiring.class);
            if (revision == null) {
                continue;
            }
            if (wiring == null) {
                hypothesis.allow(revision);
            } else if (rewired.contains(bundle)) {
                hypothesis.need(revision);
            } else {
                hypothesis.keep(revision, wiring);
            }
        }
        return hypothesis;
    }

    /** The bundles that a refresh takes apart: those that use what goes, and the hosts of fragments that come. */
    private Collection<Bundle> rewired(Set<String> gone, List<Resource> fresh) {
        Set<String> hosts = new HashSet<>();
        for (Resource resource : fresh) {
            for (Requirement host : resource.getRequirements(HostNamespace.HOST_NAMESPACE)) {
                hosts.add(String.valueOf(host.getAttributes().get(HostNamespace.HOST_NAMESPACE)));
            }
        }
        List<Bundle> touched = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            if (isGone(bundle, gone) || hosts.contains(bundle.getSymbolicName())) {
                touched.add(bundle);
            }
        }
        FrameworkWiring wiring =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
        return touched.isEmpty() ? List.of() : wiring.getDependencyClosure(touched);
    }

    private void refuseLostRoles(Set<String> gone, Hypothesis hypothesis) throws Refused {
        Set<Object> roles = new HashSet<>();
        hypothesis.offers(MANAGEMENT).forEach(offer -> roles.add(role(offer)));
        Map<String, String> lost = new TreeMap<>();
        for (Bundle bundle : context.getBundles()) {
            BundleRevision revision = bundle.adapt(BundleRevision.class);
            if (isGone(bundle, gone) && revision != null) {
                for (Capability had : revision.getCapabilities(MANAGEMENT)) {
                    if (!roles.contains(role(had))) {
                        lost.put(role(had), bundle.getSymbolicName());
                    }
                }
            }
        }
        if (!lost.isEmpty()) {
            throw new Refused(
                    "management-path",
                    "the device could no longer be reached: nothing would be there in place of " + lost
                            + ", which are on the way to the broker");
        }
    }

    /** The resolver would find these too, but names only one of them, and not in an operator's words. */
    private static void refuseMissing(Hypothesis hypothesis, Neighbours neighbours) throws Refused {
        List<String> missing = new ArrayList<>();
        for (Resource resource : hypothesis.getMandatoryResources()) {
            for (Requirement requirement : resource.getRequirements(null)) {
                if (hypothesis.isNeeded(requirement)
                        && hypothesis.findProviders(requirement).isEmpty()) {
                    Optional<Refused> lacking = Grants.lacking(requirement, neighbours.of(resource));
                    if (lacking.isPresent()) {
                        throw lacking.get();
                    }
                    missing.add(Missing.words(requirement, hypothesis));
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new Refused("unresolved", String.join(". ", missing));
        }
    }

    private static boolean isGone(Bundle bundle, Set<String> gone) {
        return bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID && gone.contains(bundle.getSymbolicName());
    }

    private static String role(Capability capability) {
        return String.valueOf(capability.getAttributes().get(MANAGEMENT));
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse(text);
    }
}
