package io.gatehouse.firmware;

import io.gatehouse.software.Complaint;
import io.gatehouse.software.Health;
import io.gatehouse.software.RuntimeSlots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** Finds out whether what runs is as well as what ran before. Used by one thread. */
final class Trial {
    private static final System.Logger LOG = System.getLogger(Trial.class.getName());

    /** Without it nobody would know whether the broker answers. */
    static final String PATH = "path";

    static final String NO_PATH = "there is nobody who could tell whether the broker answers";

    private static final Duration AGAIN = Duration.ofSeconds(2);
    private static final long STACK_BYTES = 512 * 1024;

    private final RuntimeSlots slots;
    private final Duration probation;
    private final Duration settle;
    private final LongSupplier nanos;
    private final Rest rest;
    private long since;
    private volatile String complaint = "the gateway has not started";

    /**
     * A trial that begins now.
     *
     * @param probation by when it must have proven itself
     * @param settle for so long nothing may be worse
     */
    Trial(RuntimeSlots slots, Duration probation, Duration settle, LongSupplier nanos, Rest rest) {
        if (settle.isNegative() || settle.isZero() || probation.compareTo(settle) <= 0) {
            throw new IllegalArgumentException(
                    "probation must be longer than settle, and that more than nothing: " + probation + ", " + settle);
        }
        this.slots = slots;
        this.probation = probation;
        this.settle = settle;
        this.nanos = nanos;
        this.rest = rest;
        this.since = nanos.getAsLong();
    }

    /** Whether it is not over yet. */
    boolean hasTime() {
        return left() > 0;
    }

    /**
     * Waits for its end, by a thread of its own, as what is asked may hang.
     *
     * @return why it is not proven; nothing where it is
     */
    Optional<String> failure(Health before) throws InterruptedException {
        FutureTask<Boolean> proving = new FutureTask<>(() -> isProven(before));
        Thread thread = new Thread(null, proving, "gatehouse-firmware-trial", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        try {
            boolean isProven = proving.get(Math.max(0, left()), TimeUnit.NANOSECONDS);
            return isProven ? Optional.empty() : Optional.of(tooLate());
        } catch (TimeoutException e) {
            return Optional.of(tooLate());
        } catch (ExecutionException e) {
            LOG.log(System.Logger.Level.WARNING, "a firmware on trial cannot be looked at", e.getCause());
            return Optional.of("nobody can tell how well it is: " + e.getCause());
        } finally {
            proving.cancel(true);
            since = nanos.getAsLong(); // where it is asked for once more, that one has as much time
        }
    }

    private String tooLate() {
        return "not as well as before by the end of " + probation + ": " + complaint;
    }

    private long left() {
        return probation.toNanos() - (nanos.getAsLong() - since);
    }

    private boolean isProven(Health before) throws InterruptedException {
        slots.awaitProven();
        OptionalLong wellSince = OptionalLong.empty();
        while (hasTime()) {
            List<Complaint> worse = worse(before);
            long now = nanos.getAsLong();
            if (!worse.isEmpty()) {
                complaint = worse.get(0).words();
                wellSince = OptionalLong.empty();
            } else if (wellSince.isEmpty()) {
                wellSince = OptionalLong.of(now);
            } else if (now - wellSince.getAsLong() >= settle.toNanos()) {
                return true;
            }
            rest.take(AGAIN.compareTo(settle) < 0 ? AGAIN : settle);
        }
        return false;
    }

    private List<Complaint> worse(Health before) throws InterruptedException {
        Health now = slots.health();
        List<Complaint> worse = new ArrayList<>(now.worseThan(before));
        if (!now.complaints().containsKey(PATH)) {
            worse.add(Complaint.passing(NO_PATH));
        }
        return worse;
    }
}
