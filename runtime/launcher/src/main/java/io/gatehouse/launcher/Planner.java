package io.gatehouse.launcher;

import io.gatehouse.launcher.Bundles.Installed;
import io.gatehouse.software.Part;
import io.gatehouse.software.Plan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/** Works out what has to be done for these parts to run and no others. Touches nothing. */
final class Planner {
    private final Bundles bundles;
    private final Jars jars;

    Planner(Bundles bundles, Jars jars) {
        this.bundles = bundles;
        this.jars = jars;
    }

    Plan plan(List<Part> target) {
        List<Part> added = new ArrayList<>();
        List<Part> updated = new ArrayList<>();
        Set<String> wanted = new HashSet<>();
        Map<String, Installed> installed = bundles.installed();
        for (Part part : target) {
            wanted.add(part.symbolicName());
            Installed now = installed.get(part.symbolicName());
            if (now == null && !bundles.isGivenUp(part)) {
                added.add(part);
            } else if (now != null && !now.is(part)) {
                updated.add(part);
            }
        }
        List<Part> removed = installed.values().stream()
                .sorted(Comparator.comparing(one -> one.bundle().getBundleId()))
                .map(Installed::part)
                .filter(part -> !wanted.contains(part.symbolicName()))
                .toList();
        return new Plan(added, updated, removed, restarted(added, updated, removed));
    }

    /**
     * The bundles that have to be wired anew: what is updated or removed, and the hosts of fragments that come, change or
     * go, since a host takes its fragments up when it is wired.
     */
    Set<Bundle> roots(Collection<Part> added, Collection<Part> updated, Collection<Part> removed) {
        Set<Bundle> roots = new LinkedHashSet<>();
        Stream.concat(updated.stream(), removed.stream())
                .forEach(part -> bundles.bundle(part.symbolicName()).ifPresent(bundle -> {
                    roots.add(bundle);
                    roots.addAll(hosts(bundle));
                }));
        Stream.concat(added.stream(), updated.stream())
                .flatMap(part -> jars.host(part).stream())
                .flatMap(host -> bundles.bundle(host).stream())
                .forEach(roots::add);
        return roots;
    }

    private List<String> restarted(List<Part> added, List<Part> updated, List<Part> removed) {
        Set<Bundle> roots = roots(added, updated, removed);
        if (roots.isEmpty()) {
            return List.of();
        }
        Set<String> changed = new HashSet<>();
        updated.forEach(part -> changed.add(part.symbolicName()));
        removed.forEach(part -> changed.add(part.symbolicName()));
        return bundles.dependencyClosure(roots).stream()
                .filter(bundle -> !changed.contains(bundle.getSymbolicName()))
                .filter(bundle -> !Bundles.isFragment(bundle) && Bundles.isUp(bundle))
                .sorted(Comparator.comparing(Bundle::getBundleId))
                .map(Bundle::getSymbolicName)
                .toList();
    }

    private static List<Bundle> hosts(Bundle bundle) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        List<BundleWire> wires = wiring == null ? null : wiring.getRequiredWires(HostNamespace.HOST_NAMESPACE);
        return wires == null
                ? List.of()
                : wires.stream().map(wire -> wire.getProvider().getBundle()).toList();
    }
}
