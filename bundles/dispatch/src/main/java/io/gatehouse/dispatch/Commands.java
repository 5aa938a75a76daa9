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
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Runs commands, each to its one end. Thread-safe; no call blocks. */
final class Commands {
    /** The one command that is carried out here. */
    static final String CANCEL = "cancel";

    /**
     * So long may the handler be missing: the connection is there before all bundles have started, and a bundle that is
     * being replaced is away for a moment.
     */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Replies replies;
    private final Timer timer;
    private final LongSupplier nanos;
    private final Crew crew = new Crew();

    // guarded by this
    private final Handlers handlers = new Handlers();
    private final Map<String, Started> running = new HashMap<>(); // by identity
    private final List<Run> homeless = new ArrayList<>();

    Commands(Replies replies, Timer timer, LongSupplier nanos) {
        this.replies = replies;
        this.timer = timer;
        this.nanos = nanos;
    }

    /** A run, and the key of its handler, as soon as it has one. */
    private record Started(Run run, Optional<Object> key) {}

    /** Runs a command, on another thread. */
    CompletionStage<Outcome> run(Call call) {
        Members arguments;
        try {
            byte[] payload = call.message().payload();
            arguments = payload.length == 0 ? Members.of(Map.of()) : Json.read(payload);
            if (call.name().equals(CANCEL)) {
                return CompletableFuture.completedFuture(cancel(arguments.string("id")));
            }
        } catch (BadArgument e) {
            return CompletableFuture.completedFuture(Outcome.refused("bad-argument", String.valueOf(e.getMessage())));
        }
        Run run = new Run(call, arguments, replies, nanos, crew);
        synchronized (this) {
            running.put(run.call().identity(), new Started(run, Optional.empty()));
        }
        Runnable cancelDeadline = timer.after(call.deadline(), () -> timeIsUp(run));
        CompletionStage<Outcome> end = run.end().whenComplete((outcome, none) -> {
            cancelDeadline.run();
            ended(run);
        });
        start(run);
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

    /** What it was doing fails. */
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
            run.end(Outcome.failed(
                    "handler-gone",
                    "the bundle that carried out \"" + run.call().name() + "\" was stopped meanwhile"));
        }
    }

    /** Ends all that runs. */
    void stop() {
        List<Run> left;
        synchronized (this) {
            left = running.values().stream().map(Started::run).toList();
        }
        for (Run run : left) {
            run.end(Outcome.failed("stopped", "the gateway stopped or replaced the bundle that runs commands"));
        }
        crew.stop();
    }

    private void start(Run run) {
        Optional<Handlers.Registered> handler;
        boolean waits;
        synchronized (this) { // no handler may come in between unseen
            handler = assign(run);
            waits = handler.isEmpty() && homeless.size() < Crew.WAITING && homeless.add(run);
        }
        if (waits) {
            timer.after(PATIENCE, () -> unknown(run));
        } else if (handler.isEmpty()) {
            refuseUnknown(run);
        } else if (!crew.take(() -> execute(run, handler.get()))) {
            run.end(Outcome.refused(
                    "busy",
                    Crew.THREADS + " commands are running and " + Crew.WAITING + " more wait; try again later"));
        }
    }

    /** From here on the run ends when its handler goes. */
    private Optional<Handlers.Registered> assign(Run run) {
        Optional<Handlers.Registered> handler = handlers.find(run.call().name());
        Optional<Object> key = handler.map(Handlers.Registered::key);
        running.computeIfPresent(run.call().identity(), (identity, started) -> new Started(run, key));
        return handler;
    }

    private void execute(Run run, Handlers.Registered registered) {
        @Nullable CommandHandler handler = registered.handler().get();
        if (handler == null) {
            run.end(Outcome.refused(
                    "unavailable",
                    "what carries out \"" + run.call().name() + "\" cannot be started; see the device's log"));
        } else {
            run.execute(handler);
        }
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
        run.end(Outcome.refused(
                "unknown-command",
                "this device has no command \"" + run.call().name() + "\"; it has " + String.join(", ", known)));
    }

    private void timeIsUp(Run run) {
        String after = " within " + run.call().deadline();
        run.end(
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
