package io.gatehouse.deployment;

import io.gatehouse.software.Bounds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.felix.utils.resource.CapabilitySet;
import org.apache.felix.utils.resource.SimpleFilter;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.namespace.IdentityNamespace;
import org.osgi.resource.Capability;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;
import org.osgi.resource.Wiring;
import org.osgi.service.resolver.HostedCapability;
import org.osgi.service.resolver.ResolveContext;

/** The bundles as they would be after a change, put before the framework's resolver. Nothing of it is real. */
final class Hypothesis extends ResolveContext {
    private final Map<Resource, Wiring> wirings = new HashMap<>();
    private final List<Resource> mandatory = new ArrayList<>();
    private final Map<String, List<Capability>> offers = new HashMap<>();
    private final Neighbours neighbours;

    /** One in which bundles are held to this. */
    Hypothesis(Neighbours neighbours) {
        this.neighbours = neighbours;
    }

    /** A bundle that goes on running as it is wired. */
    void keep(Resource resource, Wiring wiring) {
        wirings.put(resource, wiring);
        for (Capability capability : wiring.getResourceCapabilities(null)) {
            // No fragment is attached to a host that is resolved already.
            if (!capability.getNamespace().equals(HostNamespace.HOST_NAMESPACE)) {
                offer(capability);
            }
        }
    }

    /** A bundle that has to be resolved anew. */
    void need(Resource resource) {
        mandatory.add(resource);
        allow(resource);
    }

    /** A bundle that may be resolved if that helps another. */
    void allow(Resource resource) {
        resource.getCapabilities(null).forEach(this::offer);
    }

    /** All capabilities of a namespace, whoever has them. */
    List<Capability> offers(String namespace) {
        return offers.getOrDefault(namespace, List.of());
    }

    /** The vendor who keeps a package to its own bundles, as long as nobody lets it be exported. */
    Optional<String> vendor(Capability capability) {
        return neighbours
                .of(capability.getResource())
                .bounds()
                .filter(bounds -> !bounds.mayExport(
                        String.valueOf(capability.getAttributes().get(capability.getNamespace()))))
                .map(Bounds::vendor);
    }

    @Override
    public Collection<Resource> getMandatoryResources() {
        return List.copyOf(mandatory);
    }

    @Override
    public List<Capability> findProviders(Requirement requirement) {
        String text = requirement.getDirectives().get(Namespace.REQUIREMENT_FILTER_DIRECTIVE);
        SimpleFilter filter = text == null ? SimpleFilter.MATCH_ALL_FILTER : SimpleFilter.parse(text);
        List<Capability> providers = new ArrayList<>();
        for (Capability offer : offers(requirement.getNamespace())) {
            if (CapabilitySet.matches(offer, filter) && neighbours.mayWire(requirement, offer)) {
                providers.add(offer);
            }
        }
        // As the framework prefers them: what is resolved already, then the higher version.
        providers.sort(Comparator.comparing((Capability provider) -> !wirings.containsKey(provider.getResource()))
                .thenComparing(Hypothesis::version, Comparator.reverseOrder()));
        return providers;
    }

    @Override
    public int insertHostedCapability(List<Capability> capabilities, HostedCapability hosted) {
        capabilities.add(hosted);
        return capabilities.size() - 1;
    }

    @Override
    public boolean isEffective(Requirement requirement) {
        Map<String, String> directives = requirement.getDirectives();
        String effective = directives.getOrDefault(Namespace.REQUIREMENT_EFFECTIVE_DIRECTIVE, "");
        boolean isDynamic = "dynamic".equals(directives.get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE));
        return (effective.isEmpty() || effective.equals(Namespace.EFFECTIVE_RESOLVE)) && !isDynamic;
    }

    @Override
    public Map<Resource, Wiring> getWirings() {
        return Map.copyOf(wirings);
    }

    /** Whether a bundle cannot be resolved without this requirement. */
    boolean isNeeded(Requirement requirement) {
        boolean isOptional = Namespace.RESOLUTION_OPTIONAL.equals(
                requirement.getDirectives().get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE));
        return isEffective(requirement) && !isOptional;
    }

    private void offer(Capability capability) {
        offers.computeIfAbsent(capability.getNamespace(), namespace -> new ArrayList<>())
                .add(capability);
    }

    private static Version version(Capability capability) {
        String attribute = capability.getNamespace().equals("osgi.wiring.bundle") ? "bundle-version" : "version";
        Object version = capability.getAttributes().get(attribute);
        return version instanceof Version known ? known : Version.emptyVersion;
    }

    /** A resource in an operator's words: symbolic name and version. */
    static String name(Resource resource) {
        for (Capability identity : resource.getCapabilities(IdentityNamespace.IDENTITY_NAMESPACE)) {
            Map<String, Object> attributes = identity.getAttributes();
            return attributes.get(IdentityNamespace.IDENTITY_NAMESPACE) + " " + attributes.get("version");
        }
        return String.valueOf(resource);
    }
}
