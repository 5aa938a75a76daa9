package io.gatehouse.software;

import java.util.Collection;
import java.util.Optional;

/**
 * A bundle as it stands to others. All that is not a vendor's has no bounds, and nothing is kept from it by its own; what is
 * a vendor's is kept from it all the same.
 *
 * @param bounds nothing for the system bundle, the image's bundles and those that a key vouched for
 */
public record Neighbour(String symbolicName, Optional<Bounds> bounds) {
    private static final String PACKAGE = "osgi.wiring.package";
    private static final String BUNDLE = "osgi.wiring.bundle";
    private static final String HOST = "osgi.wiring.host";

    /** The neighbour that a part is. */
    public static Neighbour of(Part part) {
        return new Neighbour(part.symbolicName(), part.bounds());
    }

    /**
     * Whether nothing is kept from either by the other: both are of one vendor, or of none. What bears a vendor's name, and came
     * without its signature, is the vendor's too, since whoever answers for it gave it that name.
     */
    public boolean isKin(Neighbour other) {
        if (bounds.isPresent() && other.bounds.isPresent()) {
            return bounds.get().vendor().equals(other.bounds.get().vendor());
        }
        return bounds.map(own -> own.isOwn(other.symbolicName)).orElse(true)
                && other.bounds.map(theirs -> theirs.isOwn(symbolicName)).orElse(true);
    }

    /**
     * Whether this bundle may be wired to a capability of that one.
     *
     * @param name of the package or bundle, in the namespaces of these
     */
    public boolean mayWireTo(Neighbour provider, String namespace, String name) {
        return isKin(provider)
                || switch (namespace) {
                    case PACKAGE ->
                        bounds.map(own -> own.mayWire(name)).orElse(true)
                                && provider.bounds
                                        .map(theirs -> theirs.mayExport(name))
                                        .orElse(true);
                    case BUNDLE, HOST -> false;
                    // such as an extender: a vendor's with a higher number would be chosen instead of the image's
                    default -> provider.bounds.isEmpty();
                };
    }

    /** Whether this bundle may see a service that that one registered with these interfaces. */
    public boolean maySee(Neighbour provider, Collection<String> interfaceNames) {
        return isKin(provider)
                || (bounds.map(own -> interfaceNames.stream().anyMatch(own::maySee))
                                .orElse(true)
                        && provider.bounds
                                .map(theirs -> theirs.mayOffer(interfaceNames))
                                .orElse(true));
    }
}
