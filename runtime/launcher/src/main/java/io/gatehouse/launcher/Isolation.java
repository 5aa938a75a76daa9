package io.gatehouse.launcher;

import io.gatehouse.software.Neighbour;
import io.gatehouse.software.Part;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;

/**
 * Holds bundles to the bounds that their parts have, by the framework's own hooks, which are there only while some part has any. A
 * bundle is known by its location, which nothing that it does can change, and not by its name. What a bundle that is held installs is
 * a stray: it is held to the same bounds, as long as it is there.
 */
final class Isolation {
    private static final System.Logger LOG = System.getLogger(Isolation.class.getName());

    private final BundleContext system;
    private final UnaryOperator<String> location;
    private final List<ServiceRegistration<?>> hooks = new ArrayList<>();
    private final Map<Long, Neighbour> strays = new ConcurrentHashMap<>();
    private volatile Map<String, Neighbour> bounded = Map.of();

    /**
     * Holds nothing to anything yet.
     *
     * @param location where the bundle of a symbolic name is installed
     */
    Isolation(BundleContext system, UnaryOperator<String> location) {
        this.system = system;
        this.location = location;
    }

    /** From now on these are held to their bounds, and nothing else is. */
    synchronized void hold(Collection<Part> parts) {
        Map<String, Neighbour> byLocation = new HashMap<>();
        for (Part part : parts) {
            if (part.bounds().isPresent()) {
                byLocation.put(location.apply(part.symbolicName()), Neighbour.of(part));
            }
        }
        bounded = Map.copyOf(byLocation);
        if (bounded.isEmpty()) {
            hooks.forEach(ServiceRegistration::unregister);
            hooks.clear();
        } else if (hooks.isEmpty()) {
            register();
        }
    }

    /** Whether a bundle is held to anything. */
    boolean holds(@Nullable Bundle bundle) {
        return bundle != null && (bounded.containsKey(bundle.getLocation()) || isStray(bundle));
    }

    /** The bundle as it stands to others. */
    Neighbour neighbour(Bundle bundle) {
        Neighbour own = bounded.get(bundle.getLocation());
        Neighbour held = own != null ? own : strays.get(bundle.getBundleId());
        return held != null ? held : new Neighbour(String.valueOf(bundle.getSymbolicName()), Optional.empty());
    }

    /** Holds a bundle to the bounds of the one that installed it. */
    void stray(Bundle bundle, Bundle origin) {
        strays.put(
                bundle.getBundleId(),
                new Neighbour(
                        String.valueOf(bundle.getSymbolicName()),
                        neighbour(origin).bounds()));
    }

    boolean isStray(Bundle bundle) {
        return strays.containsKey(bundle.getBundleId());
    }

    /** On a thread of its own: the framework lets nobody change a bundle in the midst of what that bundle is doing just now. */
    static void soon(Consequence consequence) {
        Thread thread = new Thread(
                () -> {
                    try {
                        consequence.draw();
                    } catch (BundleException | RuntimeException e) {
                        // RuntimeException: somebody else's code
                        LOG.log(System.Logger.Level.ERROR, "a bundle goes on against its bounds", e);
                    }
                },
                "gatehouse-isolation");
        thread.setDaemon(true);
        thread.start();
    }

    /** What follows for a bundle that went beyond its bounds. */
    @FunctionalInterface
    interface Consequence {
        void draw() throws BundleException;
    }

    private void register() {
        IsolatedBundles bundles = new IsolatedBundles(this);
        Configurators configurators = new Configurators(this);
        IsolatedServices services = new IsolatedServices(this, configurators);
        ResolverHookFactory wires = triggers -> new IsolatedWires(this);
        hooks.add(system.registerService(ResolverHookFactory.class, wires, null));
        hooks.add(system.registerService(org.osgi.framework.hooks.bundle.FindHook.class, bundles, null));
        hooks.add(system.registerService(org.osgi.framework.hooks.bundle.EventHook.class, bundles, null));
        hooks.add(system.registerService(org.osgi.framework.hooks.service.ListenerHook.class, configurators, null));
        hooks.add(system.registerService(org.osgi.framework.hooks.service.FindHook.class, services, null));
        hooks.add(system.registerService(org.osgi.framework.hooks.service.EventListenerHook.class, services, null));
    }
}
