package io.gatehouse.deployment;

import io.gatehouse.api.telemetry.Publishes;
import io.gatehouse.protocol.TopicPattern;
import io.gatehouse.protocol.trust.Vendor;
import io.gatehouse.software.Bounds;
import io.gatehouse.software.Neighbour;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.osgi.framework.namespace.BundleNamespace;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.resource.Capability;
import org.osgi.resource.Namespace;
import org.osgi.resource.Requirement;
import org.osgi.resource.Resource;

/** What a trust document grants a vendor, and what to say where a bundle of the vendor asks for more. */
final class Grants {
    private static final List<String> SHADOWED = List.of("io.gatehouse.", "org.osgi.framework.", "java.");
    private static final String TYPE = "not-granted";

    private Grants() {}

    /** What bundles of this vendor are held to. */
    static Bounds bounds(Vendor vendor) {
        return new Bounds(vendor.name(), vendor.names(), vendor.packages(), vendor.services(), vendor.exports());
    }

    /** Whether the vendor's bundles may have this symbolic name: one of its names, and what is below only where a name says so. */
    static boolean isNamedBy(Vendor vendor, String symbolicName) {
        return Bounds.fits(symbolicName, vendor.names());
    }

    /**
     * Checks what a bundle provides. What it needs is checked where all bundles are known.
     *
     * @throws Refused where it is not for the vendor to provide
     */
    static void check(Jar jar, Vendor vendor) throws Refused {
        Resource resource = jar.resource();
        Bounds bounds = bounds(vendor);
        for (Capability export : resource.getCapabilities(PackageNamespace.PACKAGE_NAMESPACE)) {
            String name = String.valueOf(export.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE));
            boolean isShadow = SHADOWED.stream().anyMatch((name + ".")::startsWith);
            if (isShadow && !bounds.mayExport(name)) {
                throw new Refused(
                        TYPE,
                        jar + " exports the package " + name + ", and its vendor " + vendor.name()
                                + " is not granted that: exports of its grants would have to name it");
            }
        }
        if (!resource.getCapabilities(Resolving.MANAGEMENT).isEmpty()) {
            throw new Refused(
                    TYPE,
                    jar + " provides " + Resolving.MANAGEMENT + ", and no bundle that its vendor " + vendor.name()
                            + " answers for may be on the way to the broker: a key with the role vouch has to answer for it,"
                            + " and the JAR file to come without the vendor's signature");
        }
        checkTopics(jar, resource, vendor);
    }

    private static void checkTopics(Jar jar, Resource resource, Vendor vendor) throws Refused {
        TreeSet<String> beyond = new TreeSet<>();
        for (Capability declared : resource.getCapabilities(Publishes.NAMESPACE)) {
            TopicPattern.declared(declared.getAttributes()).stream()
                    .filter(topic -> !vendor.mayPublishAt(topic))
                    .forEach(beyond::add);
        }
        if (!beyond.isEmpty()) {
            throw new Refused(
                    TYPE,
                    jar + " publishes at " + String.join(", ", beyond) + ", and its vendor " + vendor.name()
                            + " is granted the topics " + vendor.topics().orElse(List.of()) + " alone");
        }
    }

    /**
     * Says what a bundle would need to be granted for a requirement that nothing it may use fulfils.
     *
     * @return nothing where that is not the reason
     */
    static Optional<Refused> lacking(Requirement requirement, Neighbour bundle) {
        Optional<Bounds> bounds = bundle.bounds();
        Optional<String> name = name(requirement);
        if (bounds.isEmpty() || name.isEmpty()) {
            return Optional.empty();
        }
        String who = Hypothesis.name(requirement.getResource());
        String vendor = bounds.get().vendor();
        return switch (requirement.getNamespace()) {
            case PackageNamespace.PACKAGE_NAMESPACE ->
                bounds.get().mayWire(name.get())
                        ? Optional.empty()
                        : Optional.of(new Refused(
                                TYPE,
                                who + " imports the package " + name.get() + ", and its vendor " + vendor
                                        + " is not granted that: packages of its grants would have to name it"));
            case BundleNamespace.BUNDLE_NAMESPACE ->
                bounds.get().isOwn(name.get())
                        ? Optional.empty()
                        : Optional.of(new Refused(
                                TYPE,
                                who + " requires the bundle " + name.get() + ", which is not of its vendor " + vendor
                                        + ", and no grant changes that: import packages instead"));
            default -> Optional.empty();
        };
    }

    private static Optional<String> name(Requirement requirement) {
        Map<String, String> directives = requirement.getDirectives();
        return Missing.name(
                requirement.getNamespace(), directives.getOrDefault(Namespace.REQUIREMENT_FILTER_DIRECTIVE, ""));
    }
}
