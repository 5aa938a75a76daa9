package io.gatehouse.licensing;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.api.device.Device;
import io.gatehouse.api.device.DeviceClock;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.api.store.Store;
import io.gatehouse.protocol.license.Limits;
import io.gatehouse.protocol.license.Refused;
import io.gatehouse.protocol.license.Verifier;
import io.gatehouse.protocol.trust.TrustDocument;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The licenses of this device. Whatever happens, be it a document or only time that passes, all of it is looked at anew: what is granted follows from what is
 * wanted, who is trusted, what was accepted before, and the time. Thread-safe; there is a thread only while it is looked at. Whoever tells it something never
 * waits: components that a look starts may call whomever they like.
 */
@Component(service = Licensing.class, immediate = true)
public final class Licensing {
    static final String RESOURCE = "license";

    private static final System.Logger LOG = System.getLogger(Licensing.class.getName());

    /** A burst is one look. */
    private static final Duration QUIET = Duration.ofMillis(200);

    private static final Duration LONGEST_STOP = Duration.ofSeconds(2);

    private final DeviceClock clock;
    private final Outbox outbox;
    private final Later later;
    private final LongSupplier nanos;
    private final long begun;
    private final ImageLicenses image;
    private final Hardware machine;
    private final Device device;
    private final Ledger ledger;
    private final Course course;
    private final RevocationLists lists;
    private final Events events;
    private final Conditions conditions;
    private final Asking asking;
    private final AtomicLong turn = new AtomicLong();
    private final ReentrantLock looking = new ReentrantLock();

    private volatile Optional<List<Desired>> licenses = Optional.empty();
    private volatile Optional<List<Desired>> revocations = Optional.empty();
    private volatile Optional<List<Desired>> trust = Optional.empty();
    private volatile boolean stopped;

    // guarded by looking
    private Optional<Judge> judge = Optional.empty();
    private Set<String> hardware = Set.of();
    private Map<String, Standing> standings = Map.of();
    private List<Object> reported = List.of();
    private Optional<Moment> last = Optional.empty();

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
        this.device = services.device();
        this.clock = services.clock();
        this.outbox = services.outbox();
        this.later = site.later();
        this.nanos = site.nanos();
        this.begun = nanos.getAsLong();
        this.image = new ImageLicenses(site.files());
        this.machine = new Hardware(site.machine());
        this.ledger = new Ledger(services.store());
        this.course = new Course(ledger);
        this.lists = new RevocationLists(ledger);
        this.events = new Events(outbox, ledger);
        this.conditions = services.conditions();
        this.asking = services.asking();
        asking.watch(this::lookSoon);
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
                if (judge.isPresent()) {
                    course.count(standings.values(), now(), true);
                }
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
        lookAfter(QUIET);
    }

    /** In place of any look that was to come later. */
    private void lookAfter(Duration wait) {
        long mine = turn.incrementAndGet();
        later.run(wait, () -> lookIfNext(mine));
    }

    private void lookIfNext(long mine) {
        looking.lock();
        try {
            if (mine == turn.get()
                    && !stopped
                    && licenses.isPresent()
                    && revocations.isPresent()
                    && trust.isPresent()) {
                look();
            }
        } catch (RuntimeException e) { // such as from an outbox that was replaced: whoever comes next looks again
            LOG.log(System.Logger.Level.ERROR, "cannot look at the licenses", e);
        } finally {
            looking.unlock();
        }
    }

    private void look() {
        Moment moment = now();
        last.map(moment::setBackSince)
                .filter(back -> !back.isZero())
                .ifPresent(back -> events.clockSetBack(moment.time().wall(), back));
        last = Optional.of(moment);
        Verifier verifier = new Verifier(document());
        Map<String, Refused> refused = lists.accept(revocations.orElseThrow(), verifier);
        Map<String, Claimed> claimed = Claimed.of(image.licenses(), licenses.orElseThrow());
        standings = judge().judge(claimed.values(), verifier, lists.all(), moment);
        ledger.keepNow(); // or an evaluation would begin anew after a power cut
        course.count(standings.values(), moment, false);
        Map<String, Limits> granted = granted();
        conditions.grant(granted);
        events.tell(standings);
        events.tellOfLists(refused);
        report(granted, refused, moment);
        long mine = turn.get();
        next(moment).ifPresent(wait -> later.run(wait, () -> lookIfNext(mine)));
    }

    private Moment now() {
        return new Moment(clock.time(), Duration.ofNanos(nanos.getAsLong() - begun));
    }

    private Optional<TrustDocument> document() {
        try {
            return TrustDocument.inForce(trust.orElseThrow()).map(TrustDocument::read);
        } catch (BadArgument e) { // another release accepted it
            LOG.log(System.Logger.Level.ERROR, "cannot read the trust document", e);
            return Optional.empty();
        }
    }

    /** The machine is looked at when it is first needed, which is not while the gateway starts. */
    private Judge judge() {
        if (judge.isEmpty()) {
            hardware = machine.fingerprints();
            judge = Optional.of(new Judge(device, hardware, ledger, course));
        }
        return judge.get();
    }

    private Map<String, Limits> granted() {
        Map<String, Limits> granted = new TreeMap<>();
        standings.values().stream()
                .filter(standing -> standing.state().isInForce())
                .flatMap(standing -> standing.license().stream())
                .forEach(license ->
                        license.features().forEach((feature, limits) -> granted.merge(feature, limits, Limits::or)));
        return granted;
    }

    private void report(Map<String, Limits> granted, Map<String, Refused> refused, Moment moment) {
        List<Desired> wanted = licenses.orElseThrow();
        Map<String, String> desired = new HashMap<>(Claimed.digests(wanted));
        desired.putAll(Claimed.digests(revocations.orElseThrow()));
        Set<String> names = wanted.stream().flatMap(one -> one.name().stream()).collect(Collectors.toSet());
        Report report = new Report(desired, names, standings, refused, granted, asking.features(), hardware);
        if (!report.gist().equals(reported)) {
            reported = report.gist();
            outbox.report(RESOURCE, report.body(moment));
        }
    }

    /** When anything stands otherwise at the latest, or is to be counted; nothing where nothing ends. */
    private Optional<Duration> next(Moment moment) {
        return standings.values().stream()
                .flatMap(standing -> course.next(standing, moment).stream())
                .min(Duration::compareTo);
    }
}
