package io.gatehouse.launcher;

import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.hooks.service.ListenerHook;

/**
 * Knows Declarative Services where it looks for Configuration Admin in the name of a bundle that is held, to configure its components. The
 * bundle itself must not have it, by which it could read and change what is configured for others. The framework says in whose name somebody
 * asks, and not who: that is whose code is nearest on the stack.
 */
final class Configurators implements ListenerHook {
    private static final String ADMIN = "org.osgi.service.cm.ConfigurationAdmin";

    /** What Felix SCR looks for it with, and nothing else: with the rest of it, it looks for what components refer to. */
    private static final String ASKING = "org.apache.felix.scr.impl.helper.ConfigAdminTracker";

    /** Of whom a class asks by this, it is that class who asks. */
    private static final String TRACKER = "org.osgi.util.tracker.";

    private static final StackWalker STACK = StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE);

    private final Isolation isolation;

    /** Told of Configuration Admin while they are held: it comes and goes when its bundle is replaced. */
    private final Set<ListenerInfo> listeners = ConcurrentHashMap.newKeySet();

    Configurators(Isolation isolation) {
        this.isolation = isolation;
    }

    /** Whether a service with these interfaces is asked for so just now, by this thread. */
    boolean areAskingFor(Collection<String> interfaces) {
        return interfaces.contains(ADMIN) && areAsking();
    }

    /** Leaves of these those that asked for a service with these interfaces so. */
    void retain(Collection<ListenerInfo> infos, Collection<String> interfaces) {
        infos.removeIf(info -> !interfaces.contains(ADMIN) || !listeners.contains(info));
    }

    @Override
    public void added(Collection<ListenerInfo> infos) {
        if (infos.stream().anyMatch(this::isHeld) && areAsking()) {
            listeners.addAll(infos);
        }
    }

    @Override
    public void removed(Collection<ListenerInfo> infos) {
        listeners.removeAll(infos);
    }

    private boolean isHeld(ListenerInfo info) {
        return isolation.holds(info.getBundleContext().getBundle());
    }

    private boolean areAsking() {
        Optional<Class<?>> nearest = STACK.walk(frames -> frames.<Class<?>>map(StackFrame::getDeclaringClass)
                .filter(type -> isOfBundle(type) && !type.getName().startsWith(TRACKER))
                .findFirst());
        return nearest.filter(type -> type.getName().equals(ASKING) && !isolation.holds(FrameworkUtil.getBundle(type)))
                .isPresent();
    }

    /** Whether it is of neither Java nor the framework nor the launcher. */
    private static boolean isOfBundle(Class<?> type) {
        Bundle bundle = FrameworkUtil.getBundle(type);
        return bundle != null && bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID;
    }
}
