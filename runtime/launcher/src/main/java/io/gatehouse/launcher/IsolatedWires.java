package io.gatehouse.launcher;

import io.gatehouse.software.Neighbour;
import java.util.Collection;
import org.osgi.framework.Bundle;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/** Wires no bundle to what is kept from it, also where it asks only when it needs a class. */
final class IsolatedWires implements ResolverHook {
    private final Isolation isolation;

    IsolatedWires(Isolation isolation) {
        this.isolation = isolation;
    }

    @Override
    public void filterResolvable(Collection<BundleRevision> candidates) {
        // Felix 7.0.5 takes what is resolved already for not resolvable as soon as one is removed here
    }

    @Override
    public void filterSingletonCollisions(
            BundleCapability singleton, Collection<BundleCapability> collisionCandidates) {
        // the launcher installs one bundle of each name, so there is nothing to choose
    }

    @Override
    public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {
        Bundle bundle = requirement.getRevision().getBundle();
        Neighbour consumer = isolation.neighbour(bundle);
        candidates.removeIf(candidate -> isolation.isStray(bundle)
                || !mayWire(consumer, candidate, candidate.getRevision().getBundle()));
    }

    private boolean mayWire(Neighbour consumer, BundleCapability candidate, Bundle provider) {
        String namespace = candidate.getNamespace();
        return !isolation.isStray(provider)
                && consumer.mayWireTo(
                        isolation.neighbour(provider),
                        namespace,
                        String.valueOf(candidate.getAttributes().get(namespace)));
    }

    @Override
    public void end() {
        // nothing is kept from one resolution to the next
    }
}
