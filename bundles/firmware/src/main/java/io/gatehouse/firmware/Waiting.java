package io.gatehouse.firmware;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Problem;
import io.gatehouse.protocol.Window;
import io.gatehouse.software.Complaint;
import io.gatehouse.software.Health;
import io.gatehouse.software.RuntimeSlots;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Waits until it may go on. Used by one thread. */
final class Waiting {
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final GoAhead goAhead;
    private final Spread spread;
    private final FirmwareReports reports;
    private final Site site;
    private String hadItsTurn = "";

    /**
     * How far a fleet is pulled apart.
     *
     * @param most the last device begins so much later than the first
     * @param device this one's name
     * @param own the breadth of the device's own scope, which has no others in it
     */
    record Spread(Duration most, String device, int own) {
        Spread {
            if (most.isNegative()) {
                throw new IllegalArgumentException("spread must not be negative: " + most);
            }
        }

        /** How much later this device begins: always the same for a document. */
        Duration of(Wanted wanted) {
            if (wanted.breadth() >= own) {
                return Duration.ZERO;
            }
            MessageDigest digest = Sha256.digest();
            byte[] hash = digest.digest((device + "/" + wanted.digest()).getBytes(StandardCharsets.UTF_8));
            long share = Integer.toUnsignedLong(ByteBuffer.wrap(hash).getInt());
            return Duration.ofMillis((most.toMillis() * (share >>> 16)) >>> 16);
        }
    }

    Waiting(GoAhead goAhead, Spread spread, FirmwareReports reports, Site site) {
        this.goAhead = goAhead;
        this.spread = spread;
        this.reports = reports;
        this.site = site;
    }

    /** Returns when nobody minds; it is looked again each minute. */
    void untilItMay(Wanted wanted) throws InterruptedException {
        untilItMay(wanted.desired(), wanted.firmware().window());
    }

    private void untilItMay(Map<String, String> desired, Optional<Window> window) throws InterruptedException {
        for (Optional<Problem> why = hindrance(window); why.isPresent(); why = hindrance(window)) {
            reports.waiting(desired, why.get());
            site.rest().take(AGAIN);
        }
    }

    /**
     * Returns when nobody minds, and the broker answers: a system on trial must prove that it does, and would be left for an uplink that was down before.
     *
     * @param desired for whose documents it waits
     * @param window when it may
     * @return how well it is now
     */
    Health untilItMayRestart(Map<String, String> desired, Optional<Window> window, RuntimeSlots slots)
            throws InterruptedException {
        while (true) {
            untilItMay(desired, window);
            Health health = slots.health();
            Set<Complaint> path = health.complaints().get(Trial.PATH);
            if (path != null && path.isEmpty()) {
                return health;
            }
            String detail =
                    path == null ? Trial.NO_PATH : "the broker does not answer, so no system could prove itself";
            reports.waiting(desired, new Problem("unreachable", detail));
            site.rest().take(AGAIN);
        }
    }

    /** As {@link #untilItMay}, and not all devices of a scope at once. A device waits for its turn once for each document. */
    void untilItsTurn(Wanted wanted) throws InterruptedException {
        untilItMay(wanted);
        Duration turn = spread.of(wanted);
        if (turn.isZero() || hadItsTurn.equals(wanted.digest())) {
            return;
        }
        String detail = "its turn comes " + turn.toSeconds() + " s after the first device's";
        reports.waiting(wanted.desired(), new Problem("spread", detail));
        site.rest().take(turn);
        hadItsTurn = wanted.digest();
        untilItMay(wanted);
    }

    /** Why nothing may go on now; nothing where it may. */
    Optional<Problem> hindrance(Wanted wanted) {
        return hindrance(wanted.firmware().window());
    }

    private Optional<Problem> hindrance(Optional<Window> window) {
        return window.filter(open -> !open.opensIn(site.clock().instant()).isZero())
                .map(Waiting::closed)
                .or(goAhead::hindrance);
    }

    private static Problem closed(Window window) {
        return new Problem("window", "it opens at " + window.from() + " " + window.zone());
    }
}
