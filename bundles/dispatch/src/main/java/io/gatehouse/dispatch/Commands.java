package io.gatehouse.dispatch;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.protocol.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs commands, each to its one end, and has the end told of those that a process left. What runs when a process ends is left to
 * the next one without an end, as is what is being asked after when another takes the place of this. Thread-safe; no call blocks.
 */
final class Commands {
    /** The one command that is carried out here. */
    static final String CANCEL = "cancel";

    /**
     * So long may the handler be missing: the connection is there before all bundles have started, and a bundle that is
     * being replaced is away for a moment.
     */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    /** One that takes longer keeps its thread and leaves room for others. */
    static final Duration LONG = Duration.ofSeconds(10);

    /** As above, where a process left the command: on a slow machine all bundles have started by then. */
    static final Duration LONG_PATIENCE = Duration.ofSeconds(60);

    private final Replies replies;
    private final Timer timer;
    private final LongSupplier nanos;
    private final BooleanSupplier processEnds;
    private final Crew crew = new Crew();

    // guarded by this
    private final Handlers handlers = new Handlers();
    private final Map<String, Started> running = new HashMap<>(); // by identity
    private final List<Run> homeless = new ArrayList<>();
    private boolean stopped;

    Commands(Replies replies, Timer timer, LongSupplier nanos, BooleanSupplier processEnds) {
        this.replies = replies;
        this.timer = timer;
        this.nanos = nanos;
        this.processEnds = processEnds;
    }

    /** A run, and the key of its handler, as soon as it has one. */
    private record Started(Run run, Optional<Object> key) {}

    /** Runs a command, on another thread; nothing where its end is left to whoever comes next. */
    CompletionStage<Optional<Outcome>> run(Call call) {
        Members arguments;
        try {
            byte[] payload = call.message().payload();
            arguments = payload.length == 0 ? Members.of(Map.of()) : Json.read(payload);
            if (call.name().equals(CANCEL)) {
                return CompletableFuture.completedFuture(Optional.of(cancel(arguments.string("id"))));
            }
        } catch (BadArgument e) {
            return CompletableFuture.completedFuture(
                    Optional.of(Outcome.refused("bad-argument", String.valueOf(e.getMessage()))));
        }
        return begin(Run.of(call, arguments, replies, nanos, crew));
    }

    /** As {@link #run}, of one that a process left: its handler says how it ended, as soon as it is there. */
    CompletionStage<Optional<Outcome>> resume(Call call) {
        return begin(Run.resumed(call, replies, nanos, crew));
    }

    private CompletionStage<Optional<Outcome>> begin(Run run) {
        boolean isLate;
        synchronized (this) {
            isLate = stopped;
            running.put(run.call().identity(), new Started(run, Optional.empty()));
        }
        Runnable cancelDeadline = timer.after(run.call().deadline(), () -> timeIsUp(run));
        CompletionStage<Optional<Outcome>> end = run.end().whenComplete((outcome, none) -> {
            cancelDeadline.run();
            ended(run);
        });
        if (isLate && run.isResumed()) {
            run.leave();
        } else {
            start(run);
        }
        return end;
    }

    void add(Handlers.Registered registered) {
        List<Run> found = new ArrayList<>();
        synchronized (this) {
            handlers.add(registered);
            for (Iterator<Run> waiting = homeless.iterator(); waiting.hasNext(); ) {
                Run run = waiting.next();
                if (run.call().name().equals(registered.command())) {
                    waiting.remove();
                    found.add(run);
                }
            }
        }
        found.forEach(this::start);
    }

    /** What it was doing fails; but what is to be resumed waits for the one after it. */
    void remove(Object key) {
        List<Run> orphans;
        synchronized (this) {
            handlers.remove(key);
            orphans = running.values().stream()
                    .filter(started -> started.key().filter(key::equals).isPresent())
                    .map(Started::run)
                    .toList();
        }
        for (Run run : orphans) {
            if (run.isResumed() && !run.begun()) {
                start(run);
            } else if (isLeft(run)) {
                run.leave();
            } else {
                end(
                        run,
                        Outcome.failed(
                                "handler-gone",
                                "the bundle that carried out \"" + run.call().name() + "\" was stopped meanwhile"));
            }
        }
    }

    /** Ends all that runs, or leaves it. */
    void stop() {
        List<Run> left;
        synchronized (this) {
            stopped = true;
            left = running.values().stream().map(Started::run).toList();
        }
        for (Run run : left) {
            if (run.isResumed() || isLeft(run)) {
                run.leave();
            } else {
                run.end(Outcome.failed("stopped", "the gateway stopped or replaced the bundle that runs commands"));
            }
        }
        crew.stop();
    }

    /** Also where the process ends in order, its handler may be the one who had it end. */
    private boolean isLeft(Run run) {
        return run.begun() && processEnds.getAsBoolean();
    }

    /** Of what a process left nothing is said but what its handler says. */
    private static void end(Run run, Outcome outcome) {
        run.end(run.isResumed() ? Outcome.interrupted() : outcome);
    }

    private void start(Run run) {
        Optional<Handlers.Registered> handler;
        boolean waits;
        synchronized (this) { // no handler may come in between unseen
            handler = assign(run);
            waits = handler.isEmpty() && (run.isResumed() || newcomers() < Crew.WAITING) && homeless.add(run);
        }
        if (waits) {
            timer.after(run.isResumed() ? LONG_PATIENCE : PATIENCE, () -> unknown(run));
        } else if (handler.isEmpty()) {
            refuseUnknown(run);
        } else if (!crew.take(() -> execute(run, handler.get()))) {
            end(
                    run,
                    Outcome.refused(
                            "busy",
                            Crew.THREADS + " commands are running and " + Crew.WAITING
                                    + " more wait; try again later"));
        }
    }

    /** Those that a process left are as many as it ran, and take no place from others. */
    private long newcomers() {
        return homeless.stream().filter(run -> !run.isResumed()).count();
    }

    /** From here on the run ends when its handler goes. */
    private Optional<Handlers.Registered> assign(Run run) {
        Optional<Handlers.Registered> handler = handlers.find(run.call().name());
        Optional<Object> key = handler.map(Handlers.Registered::key);
        running.computeIfPresent(run.call().identity(), (identity, started) -> new Started(run, key));
        return handler;
    }

    private void execute(Run run, Handlers.Registered registered) {
        if (!isAssigned(run, registered)) {
            return; // it ended, or waits for another
        }
        @Nullable CommandHandler handler = registered.handler().get();
        if (handler == null && isAssigned(run, registered)) {
            end(
                    run,
                    Outcome.refused(
                            "unavailable",
                            "what carries out \"" + run.call().name() + "\" cannot be started; see the device's log"));
        } else if (handler != null) {
            Runnable isBack = timer.after(LONG, run::takesLong);
            run.execute(handler);
            isBack.run();
        }
    }

    private synchronized boolean isAssigned(Run run, Handlers.Registered registered) {
        Started started = running.get(run.call().identity());
        return started != null
                && started.run() == run
                && started.key().filter(registered.key()::equals).isPresent();
    }

    private void unknown(Run run) {
        boolean waiting;
        synchronized (this) {
            waiting = homeless.remove(run);
        }
        if (waiting) {
            refuseUnknown(run);
        }
    }

    private void refuseUnknown(Run run) {
        Set<String> known;
        synchronized (this) {
            known = handlers.names();
        }
        known.add(CANCEL);
        end(
                run,
                Outcome.refused(
                        "unknown-command",
                        "this device has no command \"" + run.call().name() + "\"; it has "
                                + String.join(", ", known)));
    }

    private void timeIsUp(Run run) {
        String after = " within " + run.call().deadline();
        end(
                run,
                run.begun()
                        ? Outcome.failed("timed-out", "the command did not end" + after + "; it was interrupted")
                        : Outcome.refused("expired", "the command could not begin" + after));
    }

    private Outcome cancel(String id) {
        List<Run> called;
        synchronized (this) {
            called = running.values().stream()
                    .map(Started::run)
                    .filter(run -> run.id().equals(id))
                    .toList();
        }
        boolean cancelled = false;
        for (Run run : called) {
            cancelled |= run.end(Outcome.failed("cancelled", "the command \"cancel\" ended it"));
        }
        return cancelled
                ? Outcome.done(Map.of("cancelled", id))
                : Outcome.refused("not-running", "no command with the id \"" + id + "\" is running");
    }

    private synchronized void ended(Run run) {
        running.remove(run.call().identity());
        homeless.remove(run);
    }
}
