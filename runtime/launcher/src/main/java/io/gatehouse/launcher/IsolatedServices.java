package io.gatehouse.launcher;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.hooks.service.EventListenerHook;
import org.osgi.framework.hooks.service.FindHook;
import org.osgi.framework.hooks.service.ListenerHook.ListenerInfo;

/** Shows every bundle the services that it may see, and lets nobody but the launcher have hooks. */
final class IsolatedServices implements FindHook, EventListenerHook {
    private static final System.Logger LOG = System.getLogger(IsolatedServices.class.getName());
    private static final String HOOKS = "org.osgi.framework.hooks.";
    private static final String CONDITION = "org.osgi.service.condition.Condition";
    private static final String CONDITION_ID = "osgi.condition.id";

    /** A condition that says by its name that the device has a license is for those to give who answer for the device. */
    private static final String LICENSE = "license.";

    private final Isolation isolation;
    private final Configurators configurators;

    IsolatedServices(Isolation isolation, Configurators configurators) {
        this.isolation = isolation;
        this.configurators = configurators;
    }

    @Override
    public void find(
            BundleContext context,
            String name,
            String filter,
            boolean allServices,
            Collection<ServiceReference<?>> references) {
        references.removeIf(
                reference -> isHidden(reference, context) && !configurators.areAskingFor(interfaces(reference)));
    }

    @Override
    public void event(ServiceEvent event, Map<BundleContext, Collection<ListenerInfo>> listeners) {
        ServiceReference<?> reference = event.getServiceReference();
        if (event.getType() == ServiceEvent.REGISTERED && isHook(reference) && isolation.holds(reference.getBundle())) {
            stop(reference.getBundle());
        }
        listeners.forEach((context, infos) -> {
            if (isHidden(reference, context)) {
                configurators.retain(infos, interfaces(reference));
            }
        });
    }

    private boolean isHidden(ServiceReference<?> reference, BundleContext context) {
        Bundle viewer = context.getBundle();
        Bundle provider = reference.getBundle();
        if (viewer == null || provider == null) {
            return false; // one of them is gone, and the framework gives it nothing
        }
        if (isForgedLicense(reference, provider)) {
            return true;
        }
        return viewer != provider
                && (isolation.holds(viewer) || isolation.holds(provider))
                && !isolation.neighbour(viewer).maySee(isolation.neighbour(provider), interfaces(reference));
    }

    private boolean isForgedLicense(ServiceReference<?> reference, Bundle provider) {
        return isolation.holds(provider)
                && interfaces(reference).contains(CONDITION)
                && String.valueOf(reference.getProperty(CONDITION_ID)).startsWith(LICENSE);
    }

    private static boolean isHook(ServiceReference<?> reference) {
        return interfaces(reference).stream().anyMatch(name -> name.startsWith(HOOKS));
    }

    private static List<String> interfaces(ServiceReference<?> reference) {
        return reference.getProperty(Constants.OBJECTCLASS) instanceof String[] names ? List.of(names) : List.of();
    }

    private static void stop(Bundle bundle) {
        LOG.log(
                System.Logger.Level.ERROR,
                bundle.getSymbolicName()
                        + " is stopped: it registered a hook of the framework, which no vendor's bundle may");
        Isolation.soon(() -> bundle.stop(Bundle.STOP_TRANSIENT));
    }
}
