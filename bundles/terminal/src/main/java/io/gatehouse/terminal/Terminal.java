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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One open terminal: it waits for whoever asked, runs one program for them, and ends. It ends with the program, by command, when its
 * time is over or nobody comes or nothing moves; then all that ran in it is killed, its door shuts and its event is told. Thread-safe.
 */
public final class Terminal {
    private static final Logger LOG = System.getLogger(Terminal.class.getName());
    private static final Pattern TERM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9+._-]{0,63}");

    /** A program is ready or given up within 10 s, and what was begun of it is killed within another 6. */
    private static final Duration LONGEST_START = Duration.ofSeconds(15);

    private final Opening opening;
    private final Surroundings surroundings;
    private final Thread keeper;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Traffic traffic = new Traffic();
    private final long opened = System.nanoTime();
    private volatile String trouble = "";
    private @Nullable Door door;
    private @Nullable Starting starting;
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

    Terminal(Opening opening, Surroundings surroundings) {
        this.opening = opening;
        this.surroundings = surroundings;
        this.keeper = new Thread(this::keep, "terminal-keeper-" + opening.id());
        keeper.setDaemon(true);
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
        return starting == null && ending == null;
    }

    /**
     * Starts the program, once. From now on the screen is shown what it shows. An end that comes meanwhile interrupts the calling thread,
     * and waits for it.
     *
     * @param term the kind of terminal that the other side is, as in {@code TERM}; what is none is taken for {@code dumb}
     * @throws IOException where it was started before, has ended or cannot be started; in the last case the terminal ends
     * @throws InterruptedException where it ended meanwhile
     */
    public void start(String term, Size size, Screen screen) throws IOException, InterruptedException {
        Starting mine;
        synchronized (this) {
            if (!isWaiting()) {
                throw new IOException("terminal " + id() + " is good for one session, and had it");
            }
            mine = new Starting();
            starting = mine;
        }
        try {
            start(mine, new Programs.Start(id(), TERM.matcher(term).matches() ? term : "dumb", size), screen);
        } catch (IOException | InterruptedException | RuntimeException | Error e) { // the program's bundle may be gone
            mine.settle();
            notStarted(screen, e);
            throw e;
        } finally {
            mine.over();
        }
    }

    private void start(Starting mine, Programs.Start what, Screen screen) throws IOException, InterruptedException {
        Optional<Recording> recording = surroundings.recording(opening, what.term(), what.size());
        boolean isBegun = false;
        try {
            Program program = surroundings.start(what);
            mine.settle();
            begin(program, screen, recording);
            isBegun = true;
        } finally {
            if (!isBegun) {
                recording.ifPresent(Recording::close);
            }
        }
        // never behind the event of the end, which waits for this start
        tell(
                "started",
                Map.of(
                        "term", what.term(),
                        "columns", what.size().columns(),
                        "rows", what.size().rows()));
    }

    private void begin(Program program, Screen screen, Optional<Recording> recording) throws IOException {
        boolean isLate;
        synchronized (this) {
            isLate = ending != null;
            if (!isLate) {
                session = new Session(id(), program, screen, recording, traffic, this::end);
                traffic.moves();
                notifyAll(); // the keeper waited for somebody to come, and now waits for something to move
                session.begin();
            }
        }
        if (isLate) {
            program.close();
            throw new IOException("terminal " + id() + " ended before it was started");
        }
    }

    private void notStarted(Screen screen, Throwable why) {
        String reason;
        synchronized (this) {
            if (ending == null) {
                LOG.log(Level.WARNING, "terminal " + id() + " cannot be started", why);
                trouble = String.valueOf(why.getMessage());
            }
            end("not-started");
            reason = ending();
        }
        screen.ended(OptionalInt.empty(), reason);
    }

    /**
     * Something was typed: bytes as they are, Ctrl-C and all. Waits while the program takes no more.
     *
     * @throws IOException where the program has ended
     */
    public void input(byte[] bytes, int offset, int length) throws IOException {
        session().input(bytes, offset, length);
    }

    /** The other side's size is now this; nothing where no program runs. */
    public synchronized void resize(Size size) {
        if (session != null) {
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

    /**
     * Waits until nothing of it is left.
     *
     * @return whether that is so
     */
    boolean awaitEnd(Duration patience) throws InterruptedException {
        return ended.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Nobody is told how to come to it, so it ends; at once where it was not open yet. */
    void abandon() {
        end("not-opened");
        if (keeper.getState() == Thread.State.NEW) {
            finish(ending());
        }
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
        told.put("state", session == null ? "waiting" : "started");
        told.put("opened", Times.format(opening.at()));
        told.put("until", Times.format(until()));
        traffic.tell(told);
        opening.by().ifPresent(by -> told.put("by", by));
        return told;
    }

    private synchronized Session session() throws IOException {
        if (session == null) {
            throw new IOException("nothing runs in terminal " + id());
        }
        return session;
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
            boolean isWaiting = starting == null;
            Duration patience = isWaiting
                    ? surroundings.limits().unused()
                    : surroundings.limits().idle();
            long untilOver = opening.ttl().toNanos() - (System.nanoTime() - opened);
            long untilStill = patience.toNanos() - traffic.still();
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
                running.resize(size);
            } catch (IOException e) {
                LOG.log(Level.WARNING, "terminal " + id() + " keeps its size", e);
            }
        }
    }

    private void finish(String reason) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("reason", reason);
        try {
            Optional<Session> last = last(reason);
            if (last.isPresent()) {
                last.get().end(reason, told);
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "the end of a terminal is interrupted by nobody of this bundle", e);
        } finally {
            part(told);
        }
    }

    /** What has to be ended. From now on nothing is started, and what was being started is there or gone. */
    private Optional<Session> last(String reason) throws InterruptedException {
        Starting begun;
        synchronized (this) {
            ending = reason;
            begun = starting;
        }
        if (begun != null && !begun.overtake(LONGEST_START)) {
            LOG.log(Level.WARNING, "terminal {0} ends, though the start of its program does not", id());
        }
        synchronized (this) {
            return Optional.ofNullable(session);
        }
    }

    private void part(Map<String, Object> told) {
        try {
            if (shut()) {
                if (!trouble.isEmpty()) {
                    told.put("detail", trouble);
                }
                traffic.tell(told);
                told.put("duration", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - opened) / 1000.0);
                tell("closed", told);
            }
        } finally {
            surroundings.ended(this);
            ended.countDown();
        }
    }

    /** Shuts the door, where there is one. */
    private boolean shut() {
        Door shut;
        synchronized (this) {
            shut = door;
        }
        if (shut != null) {
            shut.close();
        }
        return shut != null;
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
}
