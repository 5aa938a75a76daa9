package io.gatehouse.launcher;

import io.gatehouse.software.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides at a start which document runs, from what the processes before have left. */
final class Recovery {
    /** As many starts may fail, or be cut short, before another document is started. */
    static final int MOST_STARTS = 3;

    /** As often may the process end in the middle of one change before the change is blamed. */
    static final int MOST_TRIES = 3;

    private static final System.Logger LOG = System.getLogger(Recovery.class.getName());

    private final StateFolder state;
    private final int brokenEnds;
    private final boolean onProbation;

    /**
     * What was left in this folder.
     *
     * @param brokenEnds how many processes in a row ended by themselves soon after their start, as the supervisor counted
     *     them: power cuts are not among them, so a router whose power flickers keeps its software
     * @param onProbation whether the runtime is to blame for what fails, and the documents are not
     */
    Recovery(StateFolder state, int brokenEnds, boolean onProbation) {
        this.state = state;
        this.brokenEnds = brokenEnds;
        this.onProbation = onProbation;
    }

    /** The document to start; the start is counted where it can fail. */
    Committed whatToStart() {
        settleAttempt();
        Committed chosen = present();
        if (onProbation) {
            return chosen;
        }
        if (chosen.isMoreThanImage() && brokenEnds > 0 && brokenEnds % MOST_STARTS == 0) {
            chosen = fallBack(chosen, "the process ended by itself " + MOST_STARTS + " times soon after its start");
        }
        while (chosen.isMoreThanImage() && state.starts(chosen.change()).count() >= MOST_STARTS) {
            String cause = state.starts(chosen.change()).cause();
            chosen = fallBack(
                    chosen, MOST_STARTS + " starts failed" + (cause.isEmpty() ? "" : ", the last by: " + cause));
        }
        if (chosen.isMoreThanImage()) {
            Starts starts = state.starts(chosen.change()).oneMore();
            written(() -> state.count(starts));
        }
        return chosen;
    }

    /** All bundles have started. */
    void started(Committed chosen) {
        if (chosen.isMoreThanImage()) {
            written(state::forgetStarts);
        }
    }

    /** The start failed, and this is why, for whoever falls back. */
    void failed(Committed chosen, String why) {
        if (!onProbation && chosen.isMoreThanImage()) {
            Starts starts = state.starts(chosen.change()).failedBy(why);
            written(() -> state.count(starts));
        }
    }

    private Committed present() {
        Optional<Committed> current = state.current();
        if (current.isPresent()) {
            return current.get();
        }
        Optional<Committed> previous = state.previous();
        if (previous.isPresent()) {
            LOG.log(System.Logger.Level.WARNING, "there is no whole current document; the previous one runs");
            written(state::fallBackToPrevious);
        }
        return previous.orElse(Committed.FACTORY);
    }

    private Committed fallBack(Committed failed, String why) {
        Optional<Committed> previous = state.previous().filter(other -> other.change() != failed.change());
        String detail =
                why + "; " + (previous.isPresent() ? "the software before it runs" : "the image's own software runs");
        // the verdict first: when the power goes between the two, the next start comes here again
        long change = state.nextChange();
        Map<String, String> desired = wished(failed);
        written(() -> state.end(new Ended(change, rolledBack(desired, "starts-failed", detail))));
        written(previous.isPresent() ? state::fallBackToPrevious : state::fallBackToFactory);
        return previous.orElse(Committed.FACTORY);
    }

    /** What was wished last: where that was rolled back before, it is this that must not be tried again. */
    private Map<String, String> wished(Committed failed) {
        return state.ended()
                .filter(ended -> ended.change() > failed.change())
                .map(ended -> ended.verdict().desired())
                .orElse(failed.document().desired());
    }

    private void settleAttempt() {
        Optional<Attempt> attempt = state.attempt();
        if (attempt.isEmpty()) {
            return;
        }
        long last = Math.max(
                state.current().map(Committed::change).orElse(0L),
                state.ended().map(Ended::change).orElse(0L));
        boolean isOver = attempt.get().change() <= last;
        if (!isOver && attempt.get().tries() < MOST_TRIES) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the process ended in the middle of change " + attempt.get().change());
            return;
        }
        if (!isOver) {
            Verdict verdict = rolledBack(
                    attempt.get().desired(),
                    "died-while-changing",
                    "the process ended " + attempt.get().tries() + " times in the middle of this change");
            written(() -> state.end(new Ended(attempt.get().change(), verdict)));
        }
        written(state::forgetAttempt);
    }

    private static Verdict rolledBack(Map<String, String> desired, String type, String detail) {
        LOG.log(System.Logger.Level.WARNING, "rolled back: " + type + ": " + detail);
        return new Verdict(Verdict.State.ROLLED_BACK, desired, type, detail, List.of(), Duration.ZERO);
    }

    /** A flash that takes nothing more is no reason not to start. */
    private static void written(Writing writing) {
        try {
            writing.write();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "cannot write to the state folder", e);
        }
    }

    private interface Writing {
        void write() throws IOException;
    }
}
