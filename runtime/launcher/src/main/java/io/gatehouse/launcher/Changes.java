package io.gatehouse.launcher;

import io.gatehouse.launcher.Change.Committing;
import io.gatehouse.launcher.Change.Restarting;
import io.gatehouse.launcher.Change.Result;
import io.gatehouse.launcher.RunningSoftware.Wish;
import java.util.Optional;

/** Carries out one change after the other. */
final class Changes {
    private final StateFolder state;
    private final RunningSoftware software;
    private final Applying applying;
    private final Whiteboard whiteboard;
    private final Worker worker;

    Changes(StateFolder state, RunningSoftware software, Applying applying, Whiteboard whiteboard, Worker worker) {
        this.state = state;
        this.software = software;
        this.applying = applying;
        this.whiteboard = whiteboard;
        this.worker = worker;
    }

    /**
     * Carries out what is wished, on this thread, until the framework stops.
     *
     * @param started what runs
     * @return false where this process cannot go on
     */
    boolean carryOut(Committed started) throws InterruptedException {
        Committed committed = started;
        while (true) {
            Optional<Wish> wish = worker.idle(software::next);
            if (wish.isEmpty()) {
                return true;
            }
            Result result = new Change(wish.get(), committed, state, software, applying, whiteboard, worker).carryOut();
            if (result instanceof Restarting) {
                return false;
            }
            if (result instanceof Committing next) {
                committed = next.now();
            }
        }
    }
}
