package io.gatehouse.tunnel.ssh;

import io.gatehouse.api.device.Inhibitor;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/**
 * Keeps {@link Tunnels} in use while there are some: else they would end when the bundle that handed the command on is replaced. No firmware is
 * taken meanwhile: whoever came through one would be cut off.
 */
interface Stay {
    /** Begins for one more. */
    void begin();

    /** Ends for one. */
    void end();

    /** In a framework, where a component lives as long as its service is in use. */
    static Stay of(BundleContext context) {
        @Nullable ServiceReference<Tunnels> self = context.getServiceReference(Tunnels.class);
        return new Stay() {
            private final Deque<ServiceRegistration<Inhibitor>> inhibitors = new ArrayDeque<>();

            @Override
            public synchronized void begin() {
                if (self != null) {
                    context.getService(self);
                }
                inhibitors.push(context.registerService(
                        Inhibitor.class,
                        () -> Optional.of("a tunnel is open"),
                        FrameworkUtil.asDictionary(Map.of("gatehouse.inhibits", "firmware"))));
            }

            @Override
            public synchronized void end() {
                try {
                    inhibitors.pop().unregister();
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
