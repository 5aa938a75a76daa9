package io.gatehouse.dispatch;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** A service that is got when it is first asked for, so that it starts no earlier, and then held, so that it keeps its state. */
final class Held<S> implements Supplier<@Nullable S> {
    private final BundleContext context;
    private final ServiceReference<S> reference;
    private @Nullable S service;

    Held(BundleContext context, ServiceReference<S> reference) {
        this.context = context;
        this.reference = reference;
    }

    @Override
    public synchronized @Nullable S get() {
        if (service == null) {
            service = context.getService(reference);
        }
        return service;
    }
}
