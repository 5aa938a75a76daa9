package io.gatehouse.telemetry;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** What the collectors of each bundle cost. A component of its own, for those who run them and those who tell of it. */
@Component(service = Accounts.class)
public final class Accounts {
    /** Nothing is measured this long: loading what measures would delay the first observations. */
    private static final long QUIET = 5_000_000_000L;

    private final Map<Long, Account> byBundle = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;
    private final long from;
    private final Supplier<Meter> finder;
    private volatile @Nullable Meter meter;

    @Activate
    public Accounts() {
        this(System::nanoTime, QUIET, ThreadMeter::find);
    }

    Accounts(LongSupplier nanoTime, long quiet, Supplier<Meter> finder) {
        this.nanoTime = nanoTime;
        this.from = nanoTime.getAsLong() + quiet;
        this.finder = finder;
    }

    Account of(long bundle) {
        return byBundle.computeIfAbsent(bundle, id -> new Account());
    }

    /** Forgets the accounts of all other bundles. */
    void retain(Set<Long> bundles) {
        byBundle.keySet().retainAll(bundles);
    }

    /** Measures threads, or nothing in the first seconds. Called by workers. */
    Meter meter() {
        Meter found = meter;
        if (found != null) {
            return found;
        }
        if (nanoTime.getAsLong() - from < 0) {
            return Meter.NONE;
        }
        try {
            found = finder.get();
        } catch (LinkageError e) {
            found = Meter.NONE; // a Java of few modules: the imports are optional
        }
        meter = found;
        return found;
    }
}
