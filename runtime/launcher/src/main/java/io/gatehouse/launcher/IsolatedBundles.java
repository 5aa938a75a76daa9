package io.gatehouse.launcher;

import java.util.Collection;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.hooks.bundle.EventHook;
import org.osgi.framework.hooks.bundle.FindHook;

/**
 * Shows a bundle that is held to bounds its vendor's bundles alone, and hides from it what happens to others. What it installs
 * came by nobody's signature: a stray, which is uninstalled, and wired to nothing meanwhile.
 */
final class IsolatedBundles implements FindHook, EventHook {
    private static final System.Logger LOG = System.getLogger(IsolatedBundles.class.getName());

    private final Isolation isolation;

    IsolatedBundles(Isolation isolation) {
        this.isolation = isolation;
    }

    @Override
    public void find(BundleContext context, Collection<Bundle> bundles) {
        bundles.removeIf(bundle -> isHidden(bundle, context));
    }

    @Override
    public void event(BundleEvent event, Collection<BundleContext> contexts) {
        Bundle bundle = event.getBundle();
        if (event.getType() == BundleEvent.INSTALLED && isolation.holds(event.getOrigin())) {
            isolation.stray(bundle, event.getOrigin());
            LOG.log(
                    System.Logger.Level.ERROR,
                    event.getOrigin().getSymbolicName() + " installed " + bundle.getLocation()
                            + ", which is uninstalled: bundles come by a feature");
            Isolation.soon(bundle::uninstall);
        }
        contexts.removeIf(context -> isHidden(bundle, context));
    }

    private boolean isHidden(Bundle bundle, BundleContext context) {
        Bundle viewer = context.getBundle();
        return isolation.holds(viewer) && !isolation.neighbour(viewer).isKin(isolation.neighbour(bundle));
    }
}
