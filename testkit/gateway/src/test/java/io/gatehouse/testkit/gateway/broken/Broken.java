package io.gatehouse.testkit.gateway.broken;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Does not start. */
public final class Broken implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        throw new IllegalStateException("no rain gauge at /dev/rain");
    }

    @Override
    public void stop(BundleContext context) {
        throw new IllegalStateException("was never started");
    }
}
