package io.gatehouse.deployment;

import io.gatehouse.software.Neighbour;
import io.gatehouse.software.Part;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.namespace.IdentityNamespace;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.resource.Capability;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;

/** Which bundle is held to what, as it would be after a change; the launcher holds them to it. */
final class Neighbours {
    private final Map<String, Neighbour> bySymbolicName = new HashMap<>();

    /**
     * Those of the image, and what lies over them.
     *
     * @param target of several parts with one name the last counts
     */
    Neighbours(List<Part> factory, List<Part> target) {
        factory.forEach(part -> bySymbolicName.put(part.symbolicName(), Neighbour.of(part)));
        target.forEach(part -> bySymbolicName.put(part.symbolicName(), Neighbour.of(part)));
    }

    Neighbour of(Resource resource) {
        String name = symbolicName(resource);
        return bySymbolicName.getOrDefault(name, new Neighbour(name, Optional.empty()));
    }

    boolean mayWire(Requirement requirement, Capability capability) {
        String namespace = capability.getNamespace();
        return of(requirement.getResource())
                .mayWireTo(
                        of(capability.getResource()),
                        namespace,
                        String.valueOf(capability.getAttributes().get(namespace)));
    }

    private static String symbolicName(Resource resource) {
        if (resource instanceof BundleRevision revision) {
            return revision.getSymbolicName();
        }
        for (Capability identity : resource.getCapabilities(IdentityNamespace.IDENTITY_NAMESPACE)) {
            return String.valueOf(identity.getAttributes().get(IdentityNamespace.IDENTITY_NAMESPACE));
        }
        return "";
    }
}
