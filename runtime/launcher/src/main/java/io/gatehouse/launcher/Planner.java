package io.gatehouse.launcher;

import io.gatehouse.launcher.Bundles.Installed;
import io.gatehouse.software.Document;
import io.gatehouse.software.Part;
import io.gatehouse.software.Plan;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/** Works out what has to be done for a document to run and nothing else. Touches nothing. */
final class Planner {
    private final Image image;
    private final Bundles bundles;
    private final Jars jars;

    Planner(Image image, Bundles bundles, Jars jars) {
        this.image = image;
        this.bundles = bundles;
        this.jars = jars;
    }

    Plan plan(Document now, Document target) {
        List<Part> added = new ArrayList<>();
        List<Part> updated = new ArrayList<>();
        Set<String> wanted = new HashSet<>();
        Map<String, Installed> installed = bundles.installed();
        for (Part part : image.under(target)) {
            wanted.add(part.symbolicName());
            Installed runs = installed.get(part.symbolicName());
            if (runs == null && !bundles.isGivenUp(part)) {
                added.add(part);
            } else if (runs != null && !runs.is(part)) {
                updated.add(part);
            }
        }
        List<Part> removed = installed.values().stream()
                .sorted(Comparator.comparing(one -> one.bundle().getBundleId()))
                .map(Installed::part)
                .filter(part -> !wanted.contains(part.symbolicName()))
                .toList();
        return new Plan(added, updated, removed, restarted(added, updated, removed), reconfigured(now, target));
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

    private static List<String> reconfigured(Document now, Document target) {
        Set<String> pids = new TreeSet<>(now.configurations().keySet());
        pids.addAll(target.configurations().keySet());
        pids.removeIf(pid -> Objects.equals(
                now.configurations().get(pid), target.configurations().get(pid)));
        return List.copyOf(pids);
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
