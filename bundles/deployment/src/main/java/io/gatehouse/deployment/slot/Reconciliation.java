package io.gatehouse.deployment.slot;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.command.Problem;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.deployment.Documents;
import io.gatehouse.deployment.Unusable;
import io.gatehouse.software.Complaint;
import io.gatehouse.software.RuntimeSlot;
import io.gatehouse.software.RuntimeSlots;
import io.gatehouse.software.SlotRefused;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Gets from what is wanted to a process that runs it. Given up where its thread is interrupted. */
final class Reconciliation {
    private final RuntimeSlots slots;
    private final Artifacts artifacts;
    private final RuntimeReports reports;
    private final Tidying tidying;
    private final Duration again;

    /** Makes room, by forgetting what neither runs nor is wanted. */
    @FunctionalInterface
    interface Tidying {
        void tidy() throws IOException;
    }

    /**
     * Prepares.
     *
     * @param again after so long it is looked again whether what must pass before a start has passed
     */
    Reconciliation(RuntimeSlots slots, Artifacts artifacts, RuntimeReports reports, Tidying tidying, Duration again) {
        this.slots = slots;
        this.artifacts = artifacts;
        this.reports = reports;
        this.tidying = tidying;
        this.again = again;
    }

    /**
     * Makes it so.
     *
     * @param forced whether it is tried also where it was left before
     */
    void reconcile(List<Desired> all, boolean forced) throws InterruptedException {
        Map<String, String> desired = Documents.digests(all);
        try {
            reconcile(Wanted.of(all), desired, forced);
        } catch (SlotRefused e) {
            reports.troubled("refused", desired, new Problem(e.type(), e.detail()));
        } catch (ArtifactUnavailable e) {
            String state = Unusable.is(e) ? "refused" : "failed";
            reports.troubled(state, desired, new Problem(e.type(), String.valueOf(e.getMessage())));
        } catch (IOException e) {
            if (Thread.interrupted()) {
                // a channel that an interrupt closed
                throw (InterruptedException) new InterruptedException("given up").initCause(e);
            }
            reports.troubled("failed", desired, new Problem("storage", String.valueOf(e)));
        }
    }

    private void reconcile(Wanted wanted, Map<String, String> desired, boolean forced)
            throws SlotRefused, IOException, InterruptedException {
        if (slots.isOnProbation()) {
            reports.applying(desired, "prove", 0);
        }
        slots.awaitProven();
        RuntimeSlot running = slots.running();
        if (wanted.is(running)) {
            reports.applied(desired);
            slots.settle();
            tidying.tidy();
            return;
        }
        Optional<RuntimeSlots.Left> left = slots.left()
                .filter(last -> wanted.is(last.slot()) && last.slot().desired().equals(desired));
        if (left.isPresent() && !forced) {
            String detail = left.get().why() + "; " + running.version() + " runs again";
            reports.troubled("rolled-back", desired, new Problem("starts-failed", detail));
            tidying.tidy();
            return;
        }
        if (wanted.archive().isPresent()) {
            install(wanted.archive().get(), desired);
        }
        start(new RuntimeSlot(wanted.slot().version(), wanted.slot().sha256(), desired), desired);
    }

    private void install(Artifact archive, Map<String, String> desired)
            throws SlotRefused, IOException, InterruptedException {
        Artifacts.Hold hold = artifacts.hold(Set.of(archive.sha256()));
        try {
            if (artifacts.lacking(List.of(archive)) > 0) {
                tidying.tidy();
            }
            reports.applying(desired, "fetch", 0);
            Path file = artifacts.fetch(
                    archive, (bytes, size) -> reports.applying(desired, "fetch", (double) bytes / size));
            reports.applying(desired, "unpack", 0);
            slots.install(file, archive.sha256().hex());
        } finally {
            hold.close();
        }
    }

    private void start(RuntimeSlot next, Map<String, String> desired)
            throws SlotRefused, IOException, InterruptedException {
        boolean isTold = false;
        reports.applying(desired, "restart", 0);
        for (List<Complaint> passing = slots.start(next); !passing.isEmpty(); passing = slots.start(next)) {
            if (!isTold) {
                isTold = true;
                reports.troubled(
                        "waiting",
                        desired,
                        new Problem("unproven", passing.get(0).words()));
            }
            Thread.sleep(again.toMillis());
        }
    }
}
