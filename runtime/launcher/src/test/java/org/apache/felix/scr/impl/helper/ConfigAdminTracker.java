package org.apache.felix.scr.impl.helper;

import java.util.function.BiFunction;
import java.util.function.Function;
import org.osgi.framework.BundleContext;

/** Has the name of what looks for Configuration Admin in Felix SCR. It asks in the name of a bundle, by somebody who is of none. */
public final class ConfigAdminTracker implements BiFunction<BundleContext, Function<BundleContext, Object>, Object> {
    @Override
    public Object apply(BundleContext name, Function<BundleContext, Object> by) {
        return by.apply(name);
    }
}
