package io.gatehouse.tunnel.ssh;

import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** Keeps {@link Tunnels} in use while there are some: else they would end when the bundle that handed the command on is replaced. */
interface Stay {
    /** Begins for one more. */
    void begin();

    /** Ends for one. */
    void end();

    /** In a framework, where a component lives as long as its service is in use. */
    static Stay of(BundleContext context) {
        @Nullable ServiceReference<Tunnels> self = context.getServiceReference(Tunnels.class);
        return new Stay() {
            @Override
            public void begin() {
                if (self != null) {
                    context.getService(self);
                }
            }

            @Override
            public void end() {
                try {
                    if (self != null) {
                        context.ungetService(self);
                    }
                } catch (IllegalStateException e) {
                    System.getLogger(Stay.class.getName())
                            .log(Level.DEBUG, "the bundle was stopped, and what it used was given back by that", e);
                }
            }
        };
    }
}
