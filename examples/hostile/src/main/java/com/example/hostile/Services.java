package com.example.hostile;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;

/** Looks for services, and listens for those that come. */
final class Services {
    private static final List<String> WANTED = List.of(
            "io.gatehouse.api.artifact.Artifacts",
            "io.gatehouse.api.message.Endpoint",
            "io.gatehouse.api.message.Outbox",
            "io.gatehouse.api.message.Outgoing",
            "io.gatehouse.protocol.trust.Anchor",
            "io.gatehouse.software.RuntimeSlots",
            "io.gatehouse.software.Software",
            "org.osgi.service.cm.ConfigurationAdmin",
            "org.osgi.service.component.runtime.ServiceComponentRuntime",
            "org.osgi.service.resolver.Resolver");

    /** What every plug-in may see; and it sees what is its own. */
    private static final Set<String> USUAL = Set.of(
            "io.gatehouse.api.device.Device",
            "io.gatehouse.api.store.Store",
            "java.time.Clock",
            "org.osgi.service.condition.Condition");

    private final BundleContext context;
    private final Set<String> heard = new ConcurrentSkipListSet<>();
    private final ServiceListener listener = this::hear;

    Services(BundleContext context) {
        this.context = context;
        context.addServiceListener(listener);
    }

    void close() {
        context.removeServiceListener(listener);
    }

    Map<String, String> tried() {
        Map<String, String> tried = new TreeMap<>();
        WANTED.forEach(name -> tried.put(name, orClosed(others(name))));
        tried.put("all", orClosed(others(null)));
        tried.put("heard", orClosed(heard));
        return tried;
    }

    private Set<String> others(String name) {
        Set<String> others = new ConcurrentSkipListSet<>();
        try {
            ServiceReference<?>[] all = context.getAllServiceReferences(name, null);
            Arrays.stream(all == null ? new ServiceReference<?>[0] : all)
                    .filter(this::isForeign)
                    .forEach(found -> others.add(interfaces(found)));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        return others;
    }

    private void hear(ServiceEvent event) {
        if (isForeign(event.getServiceReference())) {
            heard.add(interfaces(event.getServiceReference()));
        }
    }

    private boolean isForeign(ServiceReference<?> reference) {
        String[] names = (String[]) reference.getProperty(Constants.OBJECTCLASS);
        return reference.getBundle() != context.getBundle()
                && Arrays.stream(names).noneMatch(USUAL::contains);
    }

    private static String interfaces(ServiceReference<?> reference) {
        return String.join(",", (String[]) reference.getProperty(Constants.OBJECTCLASS));
    }

    private static String orClosed(Set<String> found) {
        return found.isEmpty() ? Doors.CLOSED : found.toString();
    }
}
