package io.gatehouse.launcher.activators;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Cannot start. */
public final class Throwing implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        throw new IllegalStateException("no such modem");
    }

    @Override
    public void stop(BundleContext context) {}
}
