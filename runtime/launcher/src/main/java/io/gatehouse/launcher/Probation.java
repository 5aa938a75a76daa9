package io.gatehouse.launcher;

import io.gatehouse.software.Part;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a runtime has to show before it is kept: that it is as well as the one before it was. */
final class Probation {
    private static final System.Logger LOG = System.getLogger(Probation.class.getName());

    /** For a proof that is being asked when time is over, so that its own words are told. */
    private static final Duration LAST_LOOK = Duration.ofSeconds(7);

    private static final Duration SHORTEST_PATIENCE = Duration.ofSeconds(5);

    private final Optional<SlotFolder> folder;
    private final Optional<Trial> trial;
    private final Settings settings;
    private final long begun;

    /**
     * The probation of this process, if it is on any.
     *
     * @param begun when it started, by {@link System#nanoTime}
     */
    Probation(Optional<SlotFolder> folder, Settings settings, long begun) {
        this.folder = folder;
        this.trial = folder.flatMap(SlotFolder::trial);
        this.settings = settings;
        this.begun = begun;
    }

    boolean isOn() {
        return trial.isPresent();
    }

    /**
     * Waits until all is well and stays so for a while. All ends before the supervising script would end this process, so that
     * there is somebody to tell why.
     *
     * @param parts what runs
     */
    void pass(List<Part> parts, Bundles bundles, Whiteboard whiteboard, Worker worker)
            throws ChangeFailed, Hung, InterruptedException {
        if (trial.isEmpty()) {
            return;
        }
        Set<String> names = parts.stream().map(Part::symbolicName).collect(Collectors.toSet());
        List<Part> needed = parts.stream()
                .filter(part -> !trial.get().down().contains(part.symbolicName()))
                .toList();
        Duration patience = share(1, 6).compareTo(SHORTEST_PATIENCE) < 0 ? SHORTEST_PATIENCE : share(1, 6);
        Proving proving = Proving.since(bundles, whiteboard, names, trial.get().complaints());
        Duration all = share(9, 10);
        Duration last = all.minus(LAST_LOOK);
        Duration proved = last.compareTo(share(1, 2)) < 0 ? share(1, 2) : last;
        worker.call(after(all), () -> {
            proving.prove(needed, settings.settle(), patience, after(proved));
            return true;
        });
    }

    /** Leaves word for the runtime that reports it. */
    void failed(String why) {
        if (trial.isPresent() && folder.isPresent()) {
            try {
                folder.get().explain(why);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.ERROR, "nobody will know why", e);
            }
        }
    }

    private Duration share(int parts, int of) {
        return settings.probation().multipliedBy(parts).dividedBy(of);
    }

    private Deadline after(Duration start) {
        return Deadline.in(start.minusNanos(System.nanoTime() - begun));
    }
}
