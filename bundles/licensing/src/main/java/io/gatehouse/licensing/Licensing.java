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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The licenses of this device: whatever happens, be it a document or only time that passes, a {@link Reckoning} looks at all of it anew, writes down what must
 * outlive the process, tells the fleet, and last has {@link Conditions} change what is granted. Thread-safe; there is a thread only while it looks, and whoever
 * tells something never waits.
 */
@Component(service = Licensing.class, immediate = true)
public final class Licensing {
    /** A burst is one look. */
    private static final Duration QUIET = Duration.ofMillis(200);

    private static final Duration LONGEST_STOP = Duration.ofSeconds(2);

    private final Services services;
    private final Site site;
    private final long begun;
    private final Looks looks;
    private final Looks reports;
    private final Pace pace = new Pace(QUIET);
    private final ReentrantLock looking = new ReentrantLock();

    private volatile Optional<List<Desired>> licenses = Optional.empty();
    private volatile Optional<List<Desired>> revocations = Optional.empty();
    private volatile Optional<List<Desired>> trust = Optional.empty();
    private volatile boolean stopped;

    // guarded by looking
    private Optional<Reckoning> reckoning = Optional.empty();

    /** Whose services it uses. */
    record Services(
            Device device, DeviceClock clock, Store store, Outbox outbox, Conditions conditions, Asking asking) {}

    /**
     * Where it works.
     *
     * @param files the folder with the image's licenses, if there may be any
     * @param machine the folder that holds {@code sys}
     */
    record Site(Optional<Path> files, Path machine, LongSupplier nanos, Timer timer) {}

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
                new Site(files(context), Path.of("/"), System::nanoTime, Timer.ofJava()));
    }

    Licensing(Services services, Site site) {
        this.services = services;
        this.site = site;
        this.begun = site.nanos().getAsLong();
        this.looks = new Looks(site.nanos(), site.timer(), this::look);
        this.reports = new Looks(site.nanos(), site.timer(), this::report);
        services.asking().watch(() -> reports.within(pace.left(running())));
    }

    /** The launcher says where they are. */
    private static Optional<Path> files(BundleContext context) {
        return Optional.ofNullable(context.getProperty("gatehouse.licenses")).map(Path::of);
    }

    /** What was counted is kept, unless a look goes on that waits for flash. */
    @Deactivate
    void stop() throws InterruptedException {
        stopped = true;
        looks.stop();
        reports.stop();
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
        looks.within(QUIET);
    }

    void revocations(List<Desired> all) {
        revocations = Optional.of(List.copyOf(all));
        looks.within(QUIET);
    }

    void trust(List<Desired> all) {
        trust = Optional.of(List.copyOf(all));
        looks.within(QUIET);
    }

    /** Vendors' code runs when what is granted changes, so that comes last, whatever failed before, and with no lock held. */
    private Optional<Duration> look() {
        try {
            return reckon();
        } finally {
            services.conditions().settle();
        }
    }

    private Optional<Duration> reckon() {
        looking.lock();
        try {
            if (stopped || licenses.isEmpty() || revocations.isEmpty() || trust.isEmpty()) {
                return Optional.empty();
            }
            Reckoning one = reckoning();
            Optional<Duration> next = one.look(new Reckoning.Wanted(licenses.get(), revocations.get(), trust.get()));
            services.conditions().want(one.granted());
            one.tell();
            return next;
        } finally {
            looking.unlock();
        }
    }

    /** What is asked for is reported, and changes nothing else. */
    private Optional<Duration> report() {
        looking.lock();
        try {
            if (!stopped) {
                pace.passed(running());
                reckoning.ifPresent(Reckoning::report);
            }
            return Optional.empty();
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

    private Duration running() {
        return Duration.ofNanos(site.nanos().getAsLong() - begun);
    }
}
