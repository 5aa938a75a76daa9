package io.gatehouse.licensing;

import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.device.Device;
import io.gatehouse.api.device.DeviceClock;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.api.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The licenses of this device: whatever happens, be it a document or only time that passes, a {@link Reckoning} looks at all of it anew. Thread-safe; there is a thread only
 * while it does. Whoever tells something never waits: components that are started by what is granted may call whomever they like.
 */
@Component(service = Licensing.class, immediate = true)
public final class Licensing {
    private static final System.Logger LOG = System.getLogger(Licensing.class.getName());

    /** A burst is one look. */
    private static final Duration QUIET = Duration.ofMillis(200);

    private static final Duration LONGEST_STOP = Duration.ofSeconds(2);

    private final Services services;
    private final Site site;
    private final AtomicLong turn = new AtomicLong();
    private final ReentrantLock looking = new ReentrantLock();

    private volatile Optional<List<Desired>> licenses = Optional.empty();
    private volatile Optional<List<Desired>> revocations = Optional.empty();
    private volatile Optional<List<Desired>> trust = Optional.empty();
    private volatile boolean stopped;

    // guarded by looking
    private Optional<Reckoning> reckoning = Optional.empty();

    /** Runs something after a while, on a thread that may be held up for a moment. */
    @FunctionalInterface
    interface Later {
        void run(Duration after, Runnable task);
    }

    /** Whose services it uses. */
    record Services(
            Device device, DeviceClock clock, Store store, Outbox outbox, Conditions conditions, Asking asking) {}

    /**
     * Where it works.
     *
     * @param files the folder with the image's licenses, if there may be any
     * @param machine the folder that holds {@code sys}
     */
    record Site(Optional<Path> files, Path machine, LongSupplier nanos, Later later) {}

    @Activate
    public Licensing(
            BundleContext context,
            @Reference Device device,
            @Reference DeviceClock clock,
            @Reference Store store,
            @Reference Outbox outbox,
            @Reference Conditions conditions,
            @Reference Asking asking) {
        this(
                new Services(device, clock, store, outbox, conditions, asking),
                new Site(files(context), Path.of("/"), System::nanoTime, Licensing::later));
    }

    Licensing(Services services, Site site) {
        this.services = services;
        this.site = site;
        services.asking().watch(this::lookSoon);
    }

    private static void later(Duration after, Runnable task) {
        CompletableFuture.delayedExecutor(after.toMillis(), TimeUnit.MILLISECONDS)
                .execute(task);
    }

    /** The launcher says where they are. */
    private static Optional<Path> files(BundleContext context) {
        return Optional.ofNullable(context.getProperty("gatehouse.licenses")).map(Path::of);
    }

    /** What was counted is kept, unless a look goes on that waits for whoever stops this. */
    @Deactivate
    void stop() throws InterruptedException {
        stopped = true;
        if (looking.tryLock(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
            try {
                reckoning.ifPresent(Reckoning::keep);
            } finally {
                looking.unlock();
            }
        }
    }

    void licenses(List<Desired> all) {
        licenses = Optional.of(List.copyOf(all));
        lookSoon();
    }

    void revocations(List<Desired> all) {
        revocations = Optional.of(List.copyOf(all));
        lookSoon();
    }

    void trust(List<Desired> all) {
        trust = Optional.of(List.copyOf(all));
        lookSoon();
    }

    private void lookSoon() {
        lookAfter(QUIET, turn.incrementAndGet());
    }

    /** Unless somebody has a reason to look before. */
    private void lookAfter(Duration wait, long mine) {
        site.later().run(wait, () -> lookIfNext(mine));
    }

    private void lookIfNext(long mine) {
        looking.lock();
        try {
            if (mine == turn.get()
                    && !stopped
                    && licenses.isPresent()
                    && revocations.isPresent()
                    && trust.isPresent()) {
                Reckoning.Wanted wanted = new Reckoning.Wanted(licenses.get(), revocations.get(), trust.get());
                reckoning().look(wanted).ifPresent(wait -> lookAfter(wait, mine));
            }
        } catch (RuntimeException e) { // such as from an outbox that was replaced: whoever comes next looks again
            LOG.log(System.Logger.Level.ERROR, "cannot look at the licenses", e);
        } finally {
            looking.unlock();
        }
    }

    /** It reads the store, which opens while the gateway starts. */
    private Reckoning reckoning() {
        Reckoning one = reckoning.orElseGet(() -> new Reckoning(services, site));
        reckoning = Optional.of(one);
        return one;
    }
}
