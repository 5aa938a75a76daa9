package io.gatehouse.terminal;

import io.gatehouse.api.device.Inhibitor;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/** Keeps firmware from being taken while somebody is at a terminal, who would be cut off. */
interface Presence {
    /** Where nobody is to be told. */
    Presence UNTOLD = terminals -> {};

    /** So many terminals are open now. Called by one thread at a time. */
    void of(int terminals);

    /** In a framework, by a service that is there while a terminal is. */
    static Presence of(BundleContext context) {
        return new Presence() {
            private @Nullable ServiceRegistration<Inhibitor> inhibitor;

            @Override
            public void of(int terminals) {
                ServiceRegistration<Inhibitor> told = inhibitor;
                if (terminals > 0 && told == null) {
                    inhibitor = context.registerService(
                            Inhibitor.class,
                            () -> Optional.of("a terminal is open"),
                            FrameworkUtil.asDictionary(Map.of("gatehouse.inhibits", "firmware")));
                } else if (terminals == 0 && told != null) {
                    inhibitor = null;
                    told.unregister();
                }
            }
        };
    }
}
