package io.gatehouse.dispatch;

import io.gatehouse.api.device.DeviceClock;
import io.gatehouse.api.store.NoRoom;
import io.gatehouse.api.store.Store;
import io.gatehouse.protocol.trust.ClockFloor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * What time it is, never before what is certainly over: when this bundle was built, and the signed times that were believed. The
 * device's own clock is not kept: one that was wrong once would be wrong for ever. What was kept is read when it is first needed,
 * so that the store opens beside connecting. Thread-safe.
 *
 * <p>A component of its own: whoever is told what is wanted may ask for the time, and {@link Dispatcher}, which tells, must not wait for that.
 */
@Component(service = {KnownTime.class, DeviceClock.class})
public final class KnownTime implements DeviceClock {
    private static final System.Logger LOG = System.getLogger(KnownTime.class.getName());

    /** Flash wears out, and a floor that is an hour too low lets nothing in that a day would not. */
    private static final Duration COARSE = Duration.ofHours(1);

    /** The manifest header that says when this bundle was built. */
    private static final String BUILT = "Gatehouse-Built";

    private final Clock clock;
    private final KeptNumber keptSeconds;

    // guarded by this
    private ClockFloor floor;
    private Instant kept = Instant.EPOCH;
    private boolean isRead;

    @Activate
    public KnownTime(@Reference Clock clock, @Reference Store store, BundleContext context) {
        this(clock, built(context), store);
    }

    KnownTime(Clock clock, Instant built, Store store) {
        this.clock = clock;
        this.keptSeconds = new KeptNumber(store, "clock-floor");
        this.floor = new ClockFloor(built);
    }

    private static Instant built(BundleContext context) {
        return Optional.ofNullable(context.getBundle().getHeaders().get(BUILT))
                .map(Instant::parse)
                .orElse(Instant.EPOCH);
    }

    /** What the machine's clock says, right or not. */
    Clock clock() {
        return clock;
    }

    @Override
    public Time time() {
        ClockFloor.Time now = now();
        return new Time(now.wall(), now.floor(), now.isKnown());
    }

    synchronized ClockFloor.Time now() {
        return floor().time(clock);
    }

    synchronized Instant certainlyOver() {
        return floor().floor();
    }

    /** A time that somebody signed who may. */
    synchronized void passed(Instant signed) {
        floor = floor().raisedTo(signed);
        if (floor.floor().isAfter(kept.plus(COARSE))) {
            kept = floor.floor();
            try {
                keptSeconds.put(kept.getEpochSecond());
            } catch (NoRoom e) {
                LOG.log(System.Logger.Level.WARNING, "cannot keep what time it is at least, " + kept, e);
            }
        }
    }

    private ClockFloor floor() {
        if (!isRead) {
            kept = Instant.ofEpochSecond(keptSeconds.read());
            floor = floor.raisedTo(kept);
            isRead = true;
        }
        return floor;
    }
}
