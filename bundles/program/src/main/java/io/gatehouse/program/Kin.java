package io.gatehouse.program;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** A process and all that it started. */
final class Kin {
    /** From being asked to end to being killed. */
    static final Duration GRACE = Duration.ofSeconds(2);

    private final Process process;
    private final Mark mark;

    /** Found before, since who lost its parent is nobody's descendant. */
    private final Set<ProcessHandle> found = new HashSet<>();

    Kin(Process process, Mark mark) {
        this.process = process;
        this.mark = mark;
    }

    /** Asks all of them to end. */
    void ask() {
        look();
        found.forEach(ProcessHandle::destroy);
        process.toHandle().destroy(); // the process itself would close what it still has to say
    }

    /** Kills all of them. */
    void kill() {
        look();
        found.forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
    }

    /** Sees to it that none is left where it did not end by itself, whatever interrupts; an interrupt is remembered. */
    void end() {
        boolean wasInterrupted = Thread.interrupted();
        if (process.isAlive()) {
            ask();
        }
        if (!found.isEmpty() || process.isAlive()) {
            wasInterrupted |=
                    waitWhile(() -> process.isAlive() || found.stream().anyMatch(ProcessHandle::isAlive));
            kill();
            wasInterrupted |= waitWhile(process::isAlive);
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives them the time that they may take, and says whether an interrupt cut it short. */
    private static boolean waitWhile(BooleanSupplier isThere) {
        long until = System.nanoTime() + GRACE.toNanos();
        try {
            while (System.nanoTime() - until < 0 && isThere.getAsBoolean()) {
                Thread.sleep(5);
            }
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private void look() {
        process.descendants().forEach(found::add);
        found.addAll(mark.bearers());
        found.remove(process.toHandle());
    }
}
