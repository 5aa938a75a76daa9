package io.gatehouse.launcher.activators;

import java.util.Collection;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.wiring.BundleRevision;

/** Holds whoever resolves a bundle after it, and with that the framework's global lock, for ever. */
public final class Holding implements BundleActivator, ResolverHookFactory {
    @Override
    public void start(BundleContext context) {
        context.registerService(ResolverHookFactory.class, this, null);
    }

    @Override
    public void stop(BundleContext context) {}

    @Override
    public ResolverHook begin(Collection<BundleRevision> triggers) {
        System.out.println("holds " + triggers);
        while (true) {
            LockSupport.park();
            Thread.interrupted();
        }
    }
}
