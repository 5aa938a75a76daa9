package io.gatehouse.dispatch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.resource.Namespace;

/**
 * The bundles between the broker and whoever decides what runs: those that provide a management capability, and all that they
 * need to run, but for the framework itself.
 */
final class ManagementPath {
    private static final String MANAGEMENT = "io.gatehouse.management";
    private static final String SERVICE = "osgi.service";

    private final BundleContext context;

    ManagementPath(BundleContext context) {
        this.context = context;
    }

    /** Their symbolic names, now. */
    Set<String> symbolicNames() {
        List<Bundle> all = List.of(context.getBundles());
        Set<Bundle> path = new HashSet<>();
        Deque<Bundle> open = new ArrayDeque<>();
        for (Bundle bundle : all) {
            BundleRevision revision = bundle.adapt(BundleRevision.class);
            if (revision != null
                    && !revision.getDeclaredCapabilities(MANAGEMENT).isEmpty()) {
                open.add(bundle);
            }
        }
        while (!open.isEmpty()) {
            Bundle bundle = open.remove();
            if (bundle.getBundleId() != 0 && path.add(bundle)) {
                open.addAll(wired(bundle));
                open.addAll(serving(bundle, all));
            }
        }
        Set<String> names = new TreeSet<>();
        path.forEach(bundle -> names.add(bundle.getSymbolicName()));
        return names;
    }

    private static Set<Bundle> wired(Bundle bundle) {
        Set<Bundle> providers = new HashSet<>();
        @Nullable BundleWiring wiring = bundle.adapt(BundleWiring.class);
        @Nullable List<BundleWire> wires = wiring == null ? null : wiring.getRequiredWires(null);
        if (wires != null) {
            for (BundleWire wire : wires) {
                providers.add(wire.getProviderWiring().getBundle());
            }
        }
        return providers;
    }

    /** Services are no matter of wires: whoever declares to have one that is declared to be needed. */
    private static Set<Bundle> serving(Bundle bundle, List<Bundle> all) {
        Set<Bundle> providers = new HashSet<>();
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        if (revision == null) {
            return providers;
        }
        for (BundleRequirement needed : revision.getDeclaredRequirements(SERVICE)) {
            boolean optional = Namespace.RESOLUTION_OPTIONAL.equals(
                    needed.getDirectives().get(Namespace.REQUIREMENT_RESOLUTION_DIRECTIVE));
            for (Bundle other : optional ? List.<Bundle>of() : all) {
                if (offers(other, needed)) {
                    providers.add(other);
                }
            }
        }
        return providers;
    }

    private static boolean offers(Bundle bundle, BundleRequirement needed) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        if (revision != null) {
            for (BundleCapability offered : revision.getDeclaredCapabilities(SERVICE)) {
                if (needed.matches(offered)) {
                    return true;
                }
            }
        }
        return false;
    }
}
