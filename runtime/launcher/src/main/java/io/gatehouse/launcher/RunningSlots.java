package io.gatehouse.launcher;

import io.gatehouse.software.Complaint;
import io.gatehouse.software.Health;
import io.gatehouse.software.Part;
import io.gatehouse.software.RuntimeSlot;
import io.gatehouse.software.RuntimeSlots;
import io.gatehouse.software.SlotRefused;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/** The service. What it is asked for it does on the caller's thread. */
final class RunningSlots implements RuntimeSlots {
    private static final System.Logger LOG = System.getLogger(RunningSlots.class.getName());

    private final Optional<SlotFolder> folder;
    private final boolean isTried;
    private final RuntimeSlot running;
    private final BundleContext system;
    private final RunningSoftware software;
    private final Bundles bundles;
    private final Whiteboard whiteboard;
    private final FactoryReset reset;
    private volatile Optional<Left> left;
    private final CountDownLatch proven = new CountDownLatch(1);
    private volatile boolean ending;

    RunningSlots(
            Optional<SlotFolder> folder,
            String imageVersion,
            BundleContext system,
            RunningSoftware software,
            Bundles bundles,
            Whiteboard whiteboard,
            FactoryReset reset) {
        this.folder = folder;
        this.isTried = folder.flatMap(SlotFolder::trial).isPresent();
        this.running = folder.flatMap(slots -> slots.trial().map(Trial::slot).or(slots::current))
                .filter(slot -> slot.sha256().isPresent())
                .orElse(new RuntimeSlot(imageVersion, Optional.empty(), Map.of()));
        this.left = folder.flatMap(SlotFolder::left);
        this.system = system;
        this.software = software;
        this.bundles = bundles;
        this.whiteboard = whiteboard;
        this.reset = reset;
    }

    @Override
    public RuntimeSlot running() {
        return running;
    }

    @Override
    public boolean isOnProbation() {
        return isTried && isUnproven();
    }

    @Override
    public void awaitProven() throws InterruptedException {
        proven.await();
    }

    @Override
    public Health health() throws InterruptedException {
        Set<String> names = software.running().stream().map(Part::symbolicName).collect(Collectors.toSet());
        Map<String, Set<Complaint>> complaints = whiteboard.complaints(names);
        Set<String> down = new HashSet<>(names);
        down.removeAll(bundles.active());
        return new Health(complaints, down);
    }

    @Override
    public Optional<Left> left() {
        return left;
    }

    @Override
    public void settle() throws IOException {
        if (folder.isPresent() && !isUnproven()) {
            folder.get().settle();
            left = Optional.empty();
        }
    }

    @Override
    public void install(Path archive, String sha256) throws SlotRefused, IOException {
        if (!Codec.isSha256(sha256)) {
            throw new IllegalArgumentException("not a SHA-256 in 64 lower-case hex digits: " + sha256);
        }
        SlotFolder slots = needed();
        if (isUnproven() || running.sha256().filter(sha256::equals).isPresent()) {
            throw new IllegalStateException("what runs is on probation, or is this very runtime: " + running);
        }
        slots.install(archive, sha256);
    }

    @Override
    public List<Complaint> start(RuntimeSlot next) throws SlotRefused, IOException, InterruptedException {
        SlotFolder slots = needed();
        if (next.sha256().filter(sha256 -> !slots.has(sha256)).isPresent()) {
            throw new IllegalStateException("not installed: " + next);
        }
        Health before = health();
        List<Complaint> passing = new ArrayList<>();
        before.complaints()
                .values()
                .forEach(all -> all.stream().filter(Complaint::isPassing).forEach(passing::add));
        if (!passing.isEmpty()) {
            return passing;
        }
        if (isUnproven() || !software.reserve()) {
            return List.of(Complaint.passing("another change goes on"));
        }
        try {
            end(slots, new Trial(next, Proving.words(before.complaints()), before.down()));
        } finally {
            if (!ending) {
                software.release();
            }
        }
        return List.of();
    }

    @Override
    public List<Complaint> askForReset(String command, boolean identity) throws IOException {
        if (isUnproven() || !software.reserve()) {
            return List.of(Complaint.passing("another change goes on"));
        }
        try {
            reset.ask(command, identity);
        } catch (IOException e) {
            software.release();
            throw e;
        }
        return List.of();
    }

    @Override
    public void leaveForReset() throws IOException {
        if (!reset.isAskedFor()) {
            throw new IllegalStateException("no factory reset was asked for");
        }
        end(() -> {}); // somebody may have been told of it already
    }

    @Override
    public Optional<Reset> lastReset() {
        return reset.last();
    }

    private void end(SlotFolder slots, Trial trial) throws IOException {
        slots.begin(trial);
        LOG.log(
                System.Logger.Level.INFO,
                "the runtime {0} is started on probation",
                trial.slot().version());
        end(slots::withdraw);
    }

    private void end(Withdrawal withdrawal) throws IOException {
        ending = true; // before it stops: whoever waits for that asks then
        try {
            system.getBundle().stop();
        } catch (BundleException | RuntimeException e) {
            // RuntimeException: the framework's own, where it is gone
            ending = false;
            withdrawal.withdraw();
            throw new IOException("the framework does not stop", e);
        }
    }

    /** Takes back what the next process was to do. */
    @FunctionalInterface
    private interface Withdrawal {
        void withdraw() throws IOException;
    }

    /** Whether this process ends for another runtime to start. */
    boolean isEnding() {
        return ending;
    }

    /** What runs proved itself, now or long ago. */
    void proven() throws IOException {
        if (folder.isPresent()) {
            folder.get().commit();
        }
        proven.countDown();
    }

    private boolean isUnproven() {
        return proven.getCount() > 0;
    }

    private SlotFolder needed() throws SlotRefused {
        return folder.orElseThrow(() -> new SlotRefused(
                "unsupported",
                "nothing would start another runtime: this gateway was not started by bin/gatehouse-gateway,"
                        + " or with --home"));
    }
}
