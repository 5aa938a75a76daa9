package io.gatehouse.launcher;

import io.gatehouse.software.Part;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;

/** Finds whether software that was changed is as well as it was before. Made before anything is touched. */
final class Proving {
    private static final long SHORTEST_PAUSE = 20;
    private static final long LONGEST_PAUSE = 500;
    private static final String UNKNOWN = "unknown";

    private final Bundles bundles;
    private final Whiteboard whiteboard;
    private final Set<String> touched;
    private final Map<String, Set<String>> complaintsBefore;

    private Proving(
            Bundles bundles, Whiteboard whiteboard, Set<String> touched, Map<String, Set<String>> complaintsBefore) {
        this.bundles = bundles;
        this.whiteboard = whiteboard;
        this.touched = touched;
        this.complaintsBefore = complaintsBefore;
    }

    /** Remembers how well the software is now. */
    static Proving before(Bundles bundles, Whiteboard whiteboard, Set<String> touched) throws InterruptedException {
        return new Proving(bundles, whiteboard, touched, whiteboard.complaints(touched));
    }

    /**
     * Waits until all is well and stays so for a while.
     *
     * @param needed the bundles that must be up
     * @param settle for how long it must stay well
     * @param patience for how long the very same trouble is looked at; trouble whose words change is waited for longer
     * @throws ChangeFailed where that did not come true by the deadline, or will not
     */
    void prove(List<Part> needed, Duration settle, Duration patience, Deadline deadline)
            throws ChangeFailed, InterruptedException {
        long pause = SHORTEST_PAUSE;
        String state = UNKNOWN;
        Deadline lasts = deadline;
        while (true) {
            Optional<ChangeFailed> trouble = trouble(needed);
            String now = trouble.map(ChangeFailed::detail).orElse("");
            if (!now.equals(state)) {
                state = now;
                lasts = Deadline.in(trouble.isPresent() ? patience : settle);
                pause = SHORTEST_PAUSE;
            }
            if (trouble.isEmpty() && lasts.hasPassed()) {
                return;
            }
            if (trouble.isPresent() && (lasts.hasPassed() || deadline.hasPassed())) {
                throw trouble.get();
            }
            long most = trouble.isPresent() ? Math.min(lasts.nanosLeft(), deadline.nanosLeft()) : lasts.nanosLeft();
            TimeUnit.NANOSECONDS.sleep(Math.min(most, TimeUnit.MILLISECONDS.toNanos(pause)));
            pause = Math.min(LONGEST_PAUSE, pause * 2);
        }
    }

    private Optional<ChangeFailed> trouble(List<Part> needed) throws InterruptedException {
        for (Part part : needed) {
            Optional<Bundle> bundle = bundles.bundle(part.symbolicName());
            if (!bundle.map(Bundles::isUp).orElse(false)) {
                return Optional.of(new ChangeFailed("not-active", Bundles.words(part) + " is not active"));
            }
        }
        Map<String, Set<String>> now = whiteboard.complaints(touched);
        Set<String> missing = new TreeSet<>(complaintsBefore.keySet());
        missing.removeAll(now.keySet());
        if (!missing.isEmpty()) {
            return Optional.of(new ChangeFailed(
                    "proof-missing", "what was there to tell whether all is well is gone: " + missing));
        }
        Set<String> fresh = new TreeSet<>();
        now.forEach((name, complaints) -> {
            Set<String> before = complaintsBefore.getOrDefault(name, Set.of());
            Set<String> more = new HashSet<>(complaints);
            more.removeAll(before);
            fresh.addAll(more);
        });
        return fresh.isEmpty() ? Optional.empty() : Optional.of(new ChangeFailed("unproven", String.join("; ", fresh)));
    }
}
