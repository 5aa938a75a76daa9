package io.gatehouse.deployment;

import io.gatehouse.protocol.LicensedFeature;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Which licenses are granted: each is a {@code Condition} in the service registry. Whoever grants them learns from the filters of this what is
 * asked for. Thread-safe; nothing is listened to before it is watched.
 */
final class Granted implements AutoCloseable {
    private final BundleContext context;
    private final Runnable changed;
    private final Map<String, Tracker> trackers = new HashMap<>();

    /**
     * What is not granted.
     *
     * @param isCertain whether it may be said: not while nobody is there who knows, as when the gateway has just started
     */
    record Lacking(Set<String> licenses, boolean isCertain) {}

    /**
     * Watches nothing yet.
     *
     * @param changed called when one of those that are watched comes or goes; returns at once
     */
    Granted(BundleContext context, Runnable changed) {
        this.context = context;
        this.changed = changed;
    }

    /** Those of them that are not granted. */
    synchronized Lacking lacking(Set<String> licenses) {
        if (licenses.isEmpty()) {
            return new Lacking(Set.of(), true);
        }
        // Before and after: while all go, those that went already are not to be taken for lacking.
        boolean wasCertain = isThere(LicensedFeature.CERTAIN);
        Set<String> lacking = licenses.stream()
                .filter(license -> !isThere(LicensedFeature.CONDITION + license))
                .collect(Collectors.toUnmodifiableSet());
        return new Lacking(lacking, wasCertain && isThere(LicensedFeature.CERTAIN));
    }

    /** From now on these are watched, and no others; whether one is among them that was not before. */
    synchronized boolean watch(Set<String> licenses) {
        Set<String> ids = new HashSet<>();
        licenses.forEach(license -> ids.add(LicensedFeature.CONDITION + license));
        if (!ids.isEmpty()) {
            ids.add(LicensedFeature.CERTAIN);
        }
        for (Iterator<Map.Entry<String, Tracker>> all = trackers.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<String, Tracker> one = all.next();
            if (!ids.contains(one.getKey())) {
                all.remove();
                one.getValue().end();
            }
        }
        ids.removeAll(trackers.keySet());
        ids.forEach(id -> {
            Tracker tracker = new Tracker(context, filter(id), changed);
            trackers.put(id, tracker);
            tracker.begin();
        });
        return !ids.isEmpty();
    }

    @Override
    public synchronized void close() {
        watch(Set.of());
    }

    private boolean isThere(String id) {
        Tracker tracker = trackers.get(id);
        if (tracker != null) {
            return tracker.isThere();
        }
        try {
            return context.getAllServiceReferences(null, filter(id).toString()) != null;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Filter filter(String id) {
        try {
            return FrameworkUtil.createFilter(
                    "(&(objectClass=org.osgi.service.condition.Condition)(osgi.condition.id=" + id + "))");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Tells of what comes and goes, but not of what it finds. When it tells, it knows: the service tracker itself does not yet. */
    private static final class Tracker extends ServiceTracker<Object, ServiceReference<Object>> {
        private final Runnable changed;
        private final Set<ServiceReference<Object>> there = ConcurrentHashMap.newKeySet();
        private volatile boolean isWatching;

        Tracker(BundleContext context, Filter filter, Runnable changed) {
            super(context, filter, null);
            this.changed = changed;
        }

        void begin() {
            open();
            isWatching = true;
        }

        boolean isThere() {
            return !there.isEmpty();
        }

        void end() {
            isWatching = false;
            close();
        }

        @Override
        public ServiceReference<Object> addingService(ServiceReference<Object> reference) {
            there.add(reference);
            tell();
            return reference;
        }

        @Override
        public void removedService(ServiceReference<Object> reference, ServiceReference<Object> same) {
            there.remove(reference);
            tell();
        }

        private void tell() {
            if (isWatching) {
                changed.run();
            }
        }
    }
}
