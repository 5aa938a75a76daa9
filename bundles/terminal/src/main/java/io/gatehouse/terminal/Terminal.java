package io.gatehouse.terminal;

import io.gatehouse.protocol.Times;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One open terminal: it waits for whoever asked, runs one program for them, and ends. It ends with the program, by command, when its
 * time is over or nobody comes or nothing moves; then all that ran in it is killed, its door shuts and its event is told. Thread-safe.
 */
public final class Terminal {
    private static final Logger LOG = System.getLogger(Terminal.class.getName());
    private static final Pattern TERM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9+._-]{0,63}");
    private static final int ROOM = 64 * 1024;
    private static final int MOST_LENT = 8 * Backlog.LOAN;
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);
    private static final Duration SHORT = Duration.ofSeconds(1);

    private enum State {
        WAITING,
        STARTING,
        STARTED,
        ENDED
    }

    private final Opening opening;
    private final Surroundings surroundings;
    private final Backlog backlog = new Backlog(ROOM, MOST_LENT);
    private final Thread keeper;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final long opened = System.nanoTime();
    private volatile long moved = opened;
    private volatile String trouble = "";
    private State state = State.WAITING;
    private @Nullable Door door;
    private @Nullable Session session;
    private @Nullable Size wanted;
    private @Nullable String ending;

    /**
     * What was asked for.
     *
     * @param user whose shell it is
     * @param by who asked, where that is known
     * @param command by which command
     */
    record Opening(String id, Mode mode, String user, Duration ttl, Instant at, Optional<String> by, String command) {
        Instant until() {
            return at.plus(ttl);
        }
    }

    /** What runs, and for whom. */
    private record Session(
            Program program, Screen screen, Optional<Recording> recording, Thread reader, Thread writer) {}

    Terminal(Opening opening, Surroundings surroundings) {
        this.opening = opening;
        this.surroundings = surroundings;
        this.keeper = thread("keeper", this::keep);
    }

    /** Its name, in commands and events. */
    public String id() {
        return opening.id();
    }

    /** Whose processes run in it. */
    public String user() {
        return opening.user();
    }

    boolean isGogo() {
        return opening.mode() == Mode.GOGO;
    }

    /** When it ends, whatever is done until then. */
    public Instant until() {
        return opening.until();
    }

    /** Whether nobody has come yet, and somebody still may. */
    public synchronized boolean isWaiting() {
        return state == State.WAITING && ending == null;
    }

    /**
     * Starts the program, once. From now on the screen is shown what it shows.
     *
     * @param term the kind of terminal that the other side is, as in {@code TERM}; what is none is taken for {@code dumb}
     * @throws IOException where it was started before, has ended or cannot be started; in the last case the terminal ends
     */
    public void start(String term, Size size, Screen screen) throws IOException, InterruptedException {
        synchronized (this) {
            if (!isWaiting()) {
                throw new IOException("terminal " + id() + " is good for one session, and had it");
            }
            state = State.STARTING;
        }
        String kind = TERM.matcher(term).matches() ? term : "dumb";
        Optional<Recording> recording = Optional.empty();
        try {
            recording = surroundings.recording(opening, kind, size);
            Program program = surroundings.start(new Programs.Start(id(), kind, size));
            tell("started", Map.of("term", kind, "columns", size.columns(), "rows", size.rows()));
            begin(program, screen, recording);
        } catch (IOException | InterruptedException | RuntimeException e) {
            recording.ifPresent(Recording::close);
            LOG.log(Level.WARNING, "terminal " + id() + " cannot be started", e);
            trouble = String.valueOf(e.getMessage());
            screen.ended(OptionalInt.empty(), "not-started"); // before the door is shut
            end("not-started");
            throw e;
        }
    }

    private void begin(Program program, Screen screen, Optional<Recording> recording) throws IOException {
        boolean isLate;
        synchronized (this) {
            isLate = ending != null;
            if (!isLate) {
                Thread reader = thread("reader", () -> read(program, recording));
                Thread writer = thread("writer", () -> write(screen));
                session = new Session(program, screen, recording, reader, writer);
                state = State.STARTED;
                moved = System.nanoTime();
                notifyAll(); // the keeper waited for somebody to come, and now waits for something to move
                reader.start();
                writer.start();
            }
        }
        if (isLate) {
            program.close();
            throw new IOException("terminal " + id() + " ended before it was started");
        }
    }

    /**
     * Something was typed: bytes as they are, Ctrl-C and all. Waits while the program takes no more.
     *
     * @throws IOException where the program has ended
     */
    public void input(byte[] bytes, int offset, int length) throws IOException {
        moved = System.nanoTime();
        received.addAndGet(length);
        backlog.lend();
        program().input(bytes, offset, length);
    }

    /** The other side's size is now this; nothing where no program runs. */
    public synchronized void resize(Size size) {
        if (state == State.STARTED) {
            wanted = size;
            notifyAll();
        }
    }

    /**
     * Ends it, in the background; see {@link #awaitEnd}. Only the first reason counts.
     *
     * @param reason one word
     */
    public synchronized void end(String reason) {
        if (ending == null) {
            ending = reason;
            notifyAll();
        }
    }

    /** Waits until nothing of it is left. */
    void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** There is no door to it: it never was open. */
    void abandon() {
        ended.countDown();
    }

    /** It is reached by this door from now on, which is shut with it. */
    void open(Door made) {
        synchronized (this) {
            door = made;
        }
        Map<String, Object> told = new LinkedHashMap<>(made.place());
        told.put("until", Times.format(until()));
        tell("opened", told);
        keeper.start();
    }

    /** What {@code terminal.list} says of it. */
    synchronized Map<String, Object> told() {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("id", id());
        if (door != null) {
            told.putAll(door.place());
        }
        told.put("mode", opening.mode().word());
        told.put("user", user());
        told.put("state", state == State.WAITING ? "waiting" : "started");
        told.put("opened", Times.format(opening.at()));
        told.put("until", Times.format(until()));
        told.put("received", received.get());
        told.put("sent", sent.get());
        opening.by().ifPresent(by -> told.put("by", by));
        return told;
    }

    private synchronized Program program() throws IOException {
        if (session == null) {
            throw new IOException("nothing runs in terminal " + id());
        }
        return session.program();
    }

    private void read(Program program, Optional<Recording> recording) {
        try {
            for (Optional<byte[]> shown = program.output(); shown.isPresent(); shown = program.output()) {
                byte[] bytes = shown.get();
                recording.ifPresent(kept -> kept.shown(bytes));
                backlog.put(bytes);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the program of a terminal shows no more", e);
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "the terminal ends");
        } finally {
            end("exit");
            backlog.end();
        }
    }

    private void write(Screen screen) {
        try {
            for (Optional<byte[]> next = backlog.take(); next.isPresent(); next = backlog.take()) {
                screen.show(next.get());
                sent.addAndGet(next.get().length);
                moved = System.nanoTime();
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "nobody looks at the terminal any more", e);
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "the terminal ends");
        } finally {
            end("link");
        }
    }

    private void keep() {
        String reason = "stopped";
        try {
            for (Optional<Size> size = next(); size.isPresent(); size = next()) {
                apply(size.get());
            }
            reason = ending();
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "the keeper of a terminal is interrupted by nobody of this bundle", e);
        } finally {
            finish(reason);
        }
    }

    /** The next size to apply; nothing where it is time to end. */
    private synchronized Optional<Size> next() throws InterruptedException {
        while (ending == null && wanted == null) {
            long now = System.nanoTime();
            boolean isWaiting = state == State.WAITING;
            Duration patience = isWaiting
                    ? surroundings.limits().unused()
                    : surroundings.limits().idle();
            long untilOver = opening.ttl().toNanos() - (now - opened);
            long untilStill = patience.toNanos() - (now - moved);
            if (untilOver <= 0) {
                ending = "ttl";
            } else if (untilStill <= 0) {
                ending = isWaiting ? "unused" : "idle";
            } else {
                TimeUnit.NANOSECONDS.timedWait(this, Math.min(untilOver, untilStill) + 1_000_000);
            }
        }
        Optional<Size> next = ending == null ? Optional.ofNullable(wanted) : Optional.empty();
        wanted = null;
        return next;
    }

    private synchronized String ending() {
        return ending == null ? "stopped" : ending;
    }

    private void apply(Size size) throws InterruptedException {
        Session running;
        synchronized (this) {
            running = session;
        }
        if (running != null) {
            try {
                running.program().resize(size);
                running.recording().ifPresent(recording -> recording.resized(size));
            } catch (IOException e) {
                LOG.log(Level.WARNING, "terminal " + id() + " keeps its size", e);
            }
        }
    }

    private void finish(String reason) {
        Session last;
        synchronized (this) {
            state = State.ENDED;
            ending = reason;
            last = session;
        }
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("reason", reason);
        if (!trouble.isEmpty()) {
            told.put("detail", trouble);
        }
        try {
            if (last != null) {
                end(last, reason, told);
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "the end of a terminal is interrupted by nobody of this bundle", e);
        } finally {
            shut();
            told.put("received", received.get());
            told.put("sent", sent.get());
            told.put("duration", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - opened) / 1000.0);
            tell("closed", told);
            surroundings.ended(this);
            ended.countDown();
        }
    }

    private void end(Session last, String reason, Map<String, Object> told) throws InterruptedException {
        boolean hasExited = reason.equals("exit");
        OptionalInt exitCode = hasExited ? last.program().exitCode() : OptionalInt.empty();
        if (!hasExited) {
            backlog.end();
        }
        last.program().close();
        join(last.reader(), SHORT);
        // what the program showed last is for whoever looks; a line that is cut is no reason to wait
        join(last.writer(), hasExited ? LAST_WORDS : SHORT);
        last.screen().ended(exitCode, reason);
        exitCode.ifPresent(code -> told.put("exit", code));
        last.recording().ifPresent(recording -> told.put("recording", recording.keep()));
    }

    private static void join(Thread thread, Duration patience) throws InterruptedException {
        thread.join(patience.toMillis());
        thread.interrupt();
        thread.join(SHORT.toMillis());
    }

    private void shut() {
        Door shut;
        synchronized (this) {
            shut = door;
        }
        if (shut != null) {
            shut.close();
        }
    }

    private void tell(String what, Map<String, ?> more) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("state", what);
        body.put("id", id());
        body.put("mode", opening.mode().word());
        body.put("user", user());
        opening.by().ifPresent(by -> body.put("by", by));
        body.put("command", opening.command());
        body.putAll(more);
        surroundings.tell(body);
    }

    private Thread thread(String what, Runnable work) {
        Thread thread = new Thread(work, "terminal-" + what + "-" + id());
        thread.setDaemon(true);
        return thread;
    }
}
