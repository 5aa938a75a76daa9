package io.gatehouse.launcher;

import io.gatehouse.software.Complaint;
import io.gatehouse.software.Part;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;

/** Finds whether software that was changed is as well as it was before. Made before anything is touched. */
final class Proving {
    private static final long SHORTEST_PAUSE = 20;
    private static final long LONGEST_PAUSE = 500;
    private static final String UNKNOWN = "unknown";

    private final Bundles bundles;
    private final Whiteboard whiteboard;
    private final Set<String> touched;
    private final Map<String, Set<String>> wordsBefore;
    private volatile Optional<Trouble> seen = Optional.empty();

    private Proving(Bundles bundles, Whiteboard whiteboard, Set<String> touched, Map<String, Set<String>> wordsBefore) {
        this.bundles = bundles;
        this.whiteboard = whiteboard;
        this.touched = touched;
        this.wordsBefore = wordsBefore;
    }

    /** Remembers how well the software is now. */
    static Proving before(Bundles bundles, Whiteboard whiteboard, Set<String> touched) throws InterruptedException {
        return new Proving(bundles, whiteboard, touched, words(whiteboard.complaints(touched)));
    }

    /** Goes by how well the software was in the process before. */
    static Proving since(
            Bundles bundles, Whiteboard whiteboard, Set<String> touched, Map<String, Set<String>> wordsBefore) {
        return new Proving(bundles, whiteboard, touched, wordsBefore);
    }

    /**
     * Waits until all is well and stays so for a while.
     *
     * @param needed the bundles that must be up
     * @param settle for how long it must stay well
     * @param patience for how long the very same trouble is looked at, if it will not pass by itself
     * @throws ChangeFailed where that did not come true by the deadline, or will not
     */
    void prove(List<Part> needed, Duration settle, Duration patience, Deadline deadline)
            throws ChangeFailed, InterruptedException {
        long pause = SHORTEST_PAUSE;
        String state = UNKNOWN;
        Deadline lasts = deadline;
        while (true) {
            Optional<Trouble> trouble = trouble(needed);
            seen = trouble;
            String now = trouble.map(Trouble::detail).orElse("");
            if (!now.equals(state)) {
                state = now;
                lasts = Deadline.in(trouble.isPresent() ? patience : settle);
                pause = SHORTEST_PAUSE;
            }
            boolean isOver =
                    lasts.hasPassed() && !trouble.map(Trouble::isPassing).orElse(false);
            if (trouble.isEmpty() && isOver) {
                return;
            }
            if (trouble.isPresent() && (isOver || deadline.hasPassed())) {
                throw trouble.get().failure();
            }
            long most = trouble.isPresent() ? deadline.nanosLeft() : lasts.nanosLeft();
            TimeUnit.NANOSECONDS.sleep(Math.min(most, TimeUnit.MILLISECONDS.toNanos(pause)));
            pause = Math.min(LONGEST_PAUSE, pause * 2);
        }
    }

    /** What was wrong when that was looked at last; may be asked by any thread. */
    Optional<ChangeFailed> lastSeen() {
        return seen.map(Trouble::failure);
    }

    private Optional<Trouble> trouble(List<Part> needed) throws InterruptedException {
        for (Part part : needed) {
            Optional<Bundle> bundle = bundles.bundle(part.symbolicName());
            if (!bundle.map(Bundles::isUp).orElse(false)) {
                return Optional.of(Trouble.staying("not-active", Bundles.words(part) + " is not active"));
            }
        }
        Map<String, Set<Complaint>> now = whiteboard.complaints(touched);
        Set<String> missing = new TreeSet<>(wordsBefore.keySet());
        missing.removeAll(now.keySet());
        if (!missing.isEmpty()) {
            return Optional.of(
                    Trouble.staying("proof-missing", "what was there to tell whether all is well is gone: " + missing));
        }
        Map<String, Boolean> passingByWords = new TreeMap<>();
        now.forEach((name, complaints) -> {
            Set<String> before = wordsBefore.getOrDefault(name, Set.of());
            complaints.stream()
                    .filter(complaint -> !before.contains(complaint.words()))
                    .forEach(complaint ->
                            passingByWords.merge(complaint.words(), complaint.isPassing(), Boolean::logicalAnd));
        });
        return passingByWords.isEmpty()
                ? Optional.empty()
                : Optional.of(new Trouble(
                        "unproven", String.join("; ", passingByWords.keySet()), !passingByWords.containsValue(false)));
    }

    /** What is not as well as before. */
    private record Trouble(String type, String detail, boolean isPassing) {
        static Trouble staying(String type, String detail) {
            return new Trouble(type, detail, false);
        }

        ChangeFailed failure() {
            return new ChangeFailed(type, detail);
        }
    }

    /** What was complained of, by the proof's name. */
    static Map<String, Set<String>> words(Map<String, Set<Complaint>> complaints) {
        Map<String, Set<String>> words = new HashMap<>();
        complaints.forEach((name, all) ->
                words.put(name, all.stream().map(Complaint::words).collect(Collectors.toSet())));
        return words;
    }
}
