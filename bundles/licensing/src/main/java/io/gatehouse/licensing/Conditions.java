package io.gatehouse.licensing;

import io.gatehouse.protocol.LicensedFeature;
import io.gatehouse.protocol.license.Limits;
import java.time.Duration;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.condition.Condition;

/**
 * The features that are granted, as services: a {@link Condition} {@code license.<feature>} each, with the feature's limits as properties. It needs nobody, so that
 * they stay while what {@link Licensing} needs is replaced. Thread-safe.
 *
 * <p>Whoever waits for a condition is started and stopped by the very call that registers it, so each change has a thread of its own, which holds no lock. One
 * that does not come to its end keeps its thread, and nobody else from anything; its condition follows when it does.
 */
@Component(service = Conditions.class, immediate = true)
public final class Conditions {
    /** What goes before a feature's name. */
    static final String LICENSE = LicensedFeature.CONDITION;

    /** One that is there as soon as all others are that are granted: until then, nobody can tell that one is not. */
    static final String KNOWN = LicensedFeature.CERTAIN;

    private static final System.Logger LOG = System.getLogger(Conditions.class.getName());

    /** So long one change is waited for before the next. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final BundleContext context;
    private final Duration patience;

    // guarded by this
    private final Map<String, Limits> wanted = new TreeMap<>();
    private final Map<String, Registered> registered = new HashMap<>();
    private final Set<String> changing = new HashSet<>();
    private @Nullable Thread settling;
    private boolean isOver;

    private record Registered(ServiceRegistration<Condition> registration, Limits limits) {}

    @Activate
    public Conditions(BundleContext context) {
        this(context, PATIENCE);
    }

    Conditions(BundleContext context, Duration patience) {
        this.context = context;
        this.patience = patience;
    }

    /** All go, that all are known first. Returns when that is done, but for what does not come to an end. */
    @Deactivate
    void withdrawAll() throws InterruptedException {
        synchronized (this) {
            isOver = true;
            wanted.clear();
        }
        settle();
        synchronized (this) {
            while (settling != null) { // somebody else does it
                wait();
            }
        }
    }

    /** From now on these are to be granted, and no others. */
    synchronized void want(Map<String, Limits> features) {
        if (!isOver) {
            wanted.clear();
            features.forEach((feature, limits) -> wanted.put(LICENSE + feature, limits));
            wanted.put(KNOWN, Limits.NONE);
        }
    }

    /**
     * Changes what is not as it is wanted, and waits for it as long as that is worth it; what is granted as before is not touched. Returns at once where somebody
     * else is at it, who then does this too. To be called without any lock.
     */
    void settle() {
        synchronized (this) {
            if (settling != null) {
                return;
            }
            settling = Thread.currentThread();
        }
        try {
            for (Optional<String> next = next(); next.isPresent(); next = next()) {
                change(next.get());
            }
        } finally {
            settled();
        }
    }

    private synchronized void settled() {
        if (settling == Thread.currentThread()) {
            settling = null;
            notifyAll();
        }
    }

    /** What to change next. That all are known comes last and goes first. */
    private synchronized Optional<String> next() {
        Set<String> ids = new TreeSet<>(wanted.keySet());
        ids.addAll(registered.keySet());
        Optional<String> next = Optional.of(KNOWN)
                .filter(known -> isOver && isToChange(known))
                .or(() -> ids.stream()
                        .filter(id -> !id.equals(KNOWN) && isToChange(id))
                        .findFirst())
                .or(() -> Optional.of(KNOWN).filter(this::isToChange));
        next.ifPresent(changing::add);
        if (next.isEmpty()) {
            settled(); // before this lock is free, so that nobody relies on one who has finished
        }
        return next;
    }

    private boolean isToChange(String id) {
        Registered now = registered.get(id);
        return !changing.contains(id) && !Objects.equals(wanted.get(id), now == null ? null : now.limits());
    }

    private void change(String id) {
        Thread thread = new Thread(() -> follow(id), id);
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError e) { // there is no thread more
            giveUp(id);
            throw e;
        }
        try {
            thread.join(patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // whoever stops this is in a hurry
            return;
        }
        if (thread.isAlive()) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "what waits for the condition " + id + " has not come to an end of starting or stopping in "
                            + patience + "; all others go on without");
        }
    }

    private synchronized void giveUp(String id) {
        changing.remove(id);
    }

    /** Changes one until it is as it is wanted. */
    private void follow(String id) {
        for (Optional<Runnable> step = step(id); step.isPresent(); step = step(id)) {
            try {
                step.get().run();
            } catch (IllegalStateException e) {
                if (!isStopped()) {
                    throw e;
                }
                return; // the framework has withdrawn it with the bundle
            }
        }
    }

    private synchronized boolean isStopped() {
        return isOver;
    }

    /** One that ends by an error stays among those that change: it would only fail again. */
    private synchronized Optional<Runnable> step(String id) {
        Registered before = registered.get(id);
        Limits limits = wanted.get(id);
        if (Objects.equals(limits, before == null ? null : before.limits())) {
            changing.remove(id);
            return Optional.empty();
        }
        return Optional.of(() -> set(id, before, limits));
    }

    private void set(String id, @Nullable Registered before, @Nullable Limits limits) {
        if (limits == null) {
            Objects.requireNonNull(before).registration().unregister();
            became(id, null);
        } else if (before == null) {
            became(
                    id,
                    new Registered(
                            context.registerService(Condition.class, Condition.INSTANCE, properties(id, limits)),
                            limits));
        } else {
            before.registration().setProperties(properties(id, limits));
            became(id, new Registered(before.registration(), limits));
        }
    }

    private synchronized void became(String id, @Nullable Registered now) {
        if (now == null) {
            registered.remove(id);
        } else {
            registered.put(id, now);
        }
    }

    private static Dictionary<String, Object> properties(String id, Limits limits) {
        Map<String, Object> properties = new TreeMap<>(limits.values());
        properties.put(Condition.CONDITION_ID, id);
        return FrameworkUtil.asDictionary(properties);
    }
}
