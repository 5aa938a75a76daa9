package io.gatehouse.dispatch;

import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.desired.Desired;
import io.gatehouse.protocol.Reply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One command being run, or asked after where a process ended while it ran. It has exactly one end, and nothing comes after it,
 * whatever its handler does.
 */
final class Run implements Invocation {
    private static final System.Logger LOG = System.getLogger(Run.class.getName());
    private static final long BETWEEN_PROGRESS = Duration.ofMillis(200).toNanos();

    /** Bytes. */
    private static final int MOST_DATA = 64 * 1024;

    private final Call call;
    private final Members arguments;
    private final boolean resumed;
    private final Replies replies;
    private final LongSupplier nanos;
    private final Crew crew;
    private final CompletableFuture<Optional<Outcome>> end = new CompletableFuture<>();

    // guarded by this
    private boolean ended;
    private boolean begun;
    private @Nullable Thread thread;
    private boolean replaced;
    private double reached;
    private long nextProgress;

    private Run(Call call, Members arguments, boolean resumed, Replies replies, LongSupplier nanos, Crew crew) {
        this.call = call;
        this.arguments = arguments;
        this.resumed = resumed;
        this.replies = replies;
        this.nanos = nanos;
        this.crew = crew;
        this.nextProgress = nanos.getAsLong();
    }

    /** One that is carried out. */
    static Run of(Call call, Members arguments, Replies replies, LongSupplier nanos, Crew crew) {
        return new Run(call, arguments, false, replies, nanos, crew);
    }

    /** One that is not carried out again: its handler says how it ended. */
    static Run resumed(Call call, Replies replies, LongSupplier nanos, Crew crew) {
        return new Run(call, Members.of(Map.of()), true, replies, nanos, crew);
    }

    Call call() {
        return call;
    }

    boolean isResumed() {
        return resumed;
    }

    /** How it ended; nothing where it was left to the next process or dispatcher, which says how. */
    CompletionStage<Optional<Outcome>> end() {
        return end;
    }

    /** Whether its handler was called. */
    synchronized boolean begun() {
        return begun;
    }

    @Override
    public Members arguments() {
        return arguments;
    }

    @Override
    public String id() {
        return call.id();
    }

    @Override
    public Optional<Desired.Signature> signature() {
        return call.signed().map(by -> new Desired.Signature(by.kid(), Instant.ofEpochSecond(by.issued())));
    }

    @Override
    public synchronized void progress(double ratio, String note) {
        long now = nanos.getAsLong();
        if (!ended && now - nextProgress >= 0) {
            nextProgress = now + BETWEEN_PROGRESS;
            reached = Math.max(reached, Math.min(1, Double.isNaN(ratio) ? 0 : ratio));
            replies.progress(call, reached, note);
        }
    }

    @Override
    public synchronized void data(byte[] bytes, Map<String, String> properties) {
        if (bytes.length > MOST_DATA) {
            throw new IllegalArgumentException(
                    "data has " + bytes.length + " bytes, and at most " + MOST_DATA + " are sent at once");
        }
        if (!ended) {
            replies.data(call, bytes.clone(), properties); // it waits, and whoever made it may use its array again
        }
    }

    /** Ends it, if it has not ended; a thread that is inside of the handler is interrupted. */
    boolean end(Outcome outcome) {
        return end(Optional.of(outcome));
    }

    /** As {@link #end(Outcome)}, but whoever comes next says how it ended. */
    void leave() {
        end(Optional.empty());
    }

    private boolean end(Optional<Outcome> outcome) {
        synchronized (this) {
            if (ended) {
                return false;
            }
            ended = true;
            if (thread != null && thread != Thread.currentThread()) {
                thread.interrupt();
                replaceThread();
            }
        }
        end.complete(outcome);
        return true;
    }

    /** It takes its time: others get a thread in place of this one's, so that a few long commands do not lock out the rest. */
    synchronized void takesLong() {
        if (thread != null) {
            replaceThread();
        }
    }

    private void replaceThread() {
        if (!replaced) {
            replaced = true;
            crew.lost();
        }
    }

    /** Calls the handler in this thread, unless it ended while it waited, or was called already. */
    void execute(CommandHandler handler) {
        synchronized (this) {
            if (ended || begun) {
                return;
            }
            begun = true;
            thread = Thread.currentThread();
        }
        Outcome outcome;
        try {
            outcome = handled(handler);
        } finally {
            synchronized (this) {
                thread = null;
                if (replaced) {
                    crew.found();
                }
            }
        }
        end(outcome);
    }

    private Outcome handled(CommandHandler handler) {
        try {
            Outcome outcome = Objects.requireNonNull(
                    resumed ? handler.resume(id()) : handler.handle(this), "the handler returned null");
            byte[] ignored = new Reply.End(outcome).write(); // a result that is no JSON fails here, not on its way out
            return outcome;
        } catch (BadArgument e) {
            return resumed ? Outcome.failed("handler-error", e.toString()) : Outcome.refused("bad-argument", text(e));
        } catch (ArtifactUnavailable e) {
            return Outcome.failed(e.type(), text(e));
        } catch (IOException e) {
            return Outcome.failed("io-error", text(e));
        } catch (InterruptedException e) {
            return Outcome.failed("interrupted", "the handler gave up: " + text(e));
        } catch (Throwable e) { // somebody else's code: whatever it throws, the command has its one end
            LOG.log(
                    System.Logger.Level.ERROR,
                    "command " + call.name() + " (" + call.id() + ") failed in its handler " + handler,
                    e);
            return Outcome.failed("handler-error", e.toString());
        }
    }

    private static String text(Exception e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.toString() : message;
    }
}
