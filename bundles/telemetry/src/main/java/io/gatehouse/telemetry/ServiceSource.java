package io.gatehouse.telemetry;

import io.gatehouse.api.telemetry.Collector;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** A collector that is a service, had when it is first asked for. */
final class ServiceSource implements Source {
    private final BundleContext context;
    private final ServiceReference<Collector> reference;
    private volatile @Nullable Collector collector;

    ServiceSource(BundleContext context, ServiceReference<Collector> reference) {
        this.context = context;
        this.reference = reference;
    }

    @Override
    public Collector collector() {
        Collector had = collector;
        if (had == null) {
            had = context.getService(reference);
            if (had == null) {
                throw new IllegalStateException("its component could not be activated; the log says why");
            }
            collector = had;
        }
        return had;
    }

    @Override
    public void release() {
        if (collector != null) {
            collector = null;
            try {
                context.ungetService(reference);
            } catch (IllegalStateException e) {
                // This bundle was stopped: the framework gave everything back.
                return;
            }
        }
    }
}
