package io.gatehouse.launcher.activators;

import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Does not come to an end with starting, whatever one does. */
public final class Hanging implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        while (true) {
            LockSupport.park();
            Thread.interrupted();
        }
    }

    @Override
    public void stop(BundleContext context) {}
}
