package io.gatehouse.outbox;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;

/**
 * What waits until the broker has it. Replies, reports and events are on flash before they count as put; observations
 * when they waited for a while, so that what leaves at once costs flash nothing. Thread-safe. What a transport took counts
 * as long as it may be returned, and is never dropped.
 */
final class Queue implements Outgoing {
    private static final System.Logger LOG = System.getLogger(Queue.class.getName());

    /** When memory has so much, it goes to flash before its time. */
    private static final long MANY = Room.MEMORY / 4 * 3;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Condition ready = lock.newCondition();
    private final Flash flash;
    /** The event that says what was dropped. */
    private static final String LOSSES = "outbox";

    private final Stamp stamp;
    private final LongSupplier nanos;
    private final BiFunction<String, Map<String, Object>, Message> news;
    private final Losses losses;
    private final Pace pace;
    private final Waiting waiting;
    private final Room room;
    private final Keeper keeper;
    private final Flusher flusher;
    private final Legacy legacy;
    private final Taker taker;
    private final Tail tail;
    private final Reports reports = new Reports();
    private final long began;

    // guarded by lock
    private boolean eachAtOnce;
    private long lastOrder;
    private long lastSeq;
    private boolean counted;
    private boolean closed;

    /**
     * A queue that does not know yet what an outbox before it left; see {@link #load}.
     *
     * @param news makes an event of its name and body
     * @param nanos as {@link System#nanoTime}
     */
    Queue(
            Flash flash,
            Limits limits,
            Stamp stamp,
            BiFunction<String, Map<String, Object>, Message> news,
            LongSupplier nanos,
            Later later) {
        this.flash = flash;
        this.stamp = stamp;
        this.news = news;
        this.nanos = nanos;
        began = nanos.getAsLong();
        eachAtOnce = limits.eachAtOnce();
        losses = new Losses(began);
        pace = new Pace(limits.drain(), began);
        waiting = new Waiting(pace);
        room = new Room(waiting, flash, losses, limits.bytes());
        keeper = new Keeper(flash, waiting, room, lock, why -> tellTrouble("outbox-in-memory", why));
        flusher = new Flusher(keeper, waiting, lock, nanos, later, limits.within());
        legacy = new Legacy(flash, waiting, room, lock, this::inherit, why -> tellTrouble("outbox-unread", why));
        taker = new Taker(waiting, flash, room, lock, arrived, nanos, stamp);
        tail = new Tail(limits.tail());
    }

    /** From now on no more than this. */
    void limits(Limits others) {
        lock.lock();
        try {
            eachAtOnce = others.eachAtOnce();
            flusher.within(others.within());
            pace.perSecond(others.drain());
            tail.bound(others.tail());
            room.bound(others.bytes());
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /** From now on each is written at once, as is now what is in memory and of use to another process. */
    void keepAll() {
        lock.lock();
        try {
            eachAtOnce = true;
            for (Rank rank : Rank.values()) {
                if (rank != Rank.PASSING && !closed) {
                    keeper.keep(rank, nanos.getAsLong(), Long.MAX_VALUE);
                }
            }
        } finally {
            lock.unlock();
        }
        keeper.sync();
    }

    /** Takes over what an outbox before this one left. Until it has begun, whoever puts something waits. */
    void load() {
        Optional<Counted> before = Optional.empty();
        try {
            before = flash.counted().flatMap(Counted::read);
            if (before.isPresent() && !before.get().losses().isEmpty()) {
                flash.counted(before.get().told().write());
            }
        } catch (IOException
                | RuntimeException e) { // whatever becomes of another bundle's code, what is put is to leave
            LOG.log(System.Logger.Level.ERROR, "cannot read how far the outbox before this one counted", e);
        } finally {
            begin(before);
        }
        legacy.find();
    }

    /**
     * Puts an observation or an event, and the copies of it that go elsewhere: all of them carry one number. It is
     * numbered here, not when it leaves, so that one that is dropped leaves a gap.
     */
    void putNumbered(Rank rank, List<Message> same) {
        boolean atOnce;
        boolean many;
        lock.lock();
        try {
            requireHere();
            atOnce = rank == Rank.EVENT || eachAtOnce;
            long now = tellLosses();
            long seq = ++lastSeq;
            for (Message message : same) {
                add(new Letter(waiting.lane(rank, message.topic()), stamp, message, seq, now, ++lastOrder));
            }
            keep(rank, atOnce);
            many = waiting.bytes() > MANY && !keeper.isFailing();
        } finally {
            lock.unlock();
        }
        if (atOnce) {
            keeper.sync();
        } else if (many) {
            flusher.relieve();
        }
    }

    /** Puts a reply, a request or, where it is retained, a report. */
    void put(Rank rank, Message message) {
        lock.lock();
        try {
            requireHere();
            Letter letter = new Letter(waiting.lane(rank, ""), stamp, message, 0, tellLosses(), ++lastOrder);
            if (letter.isReport()) {
                reports.put(letter).ifPresent(this::remove);
            }
            add(letter);
            keep(rank, rank != Rank.PASSING);
        } finally {
            lock.unlock();
        }
        if (rank != Rank.PASSING) {
            keeper.sync();
        }
    }

    @Override
    public Parcel take() throws InterruptedException {
        while (true) {
            Letter letter = taker.take();
            long now = nanos.getAsLong();
            if (!letter.expired(now)) {
                return new Loan(this, letter, letter.leaving(now));
            }
            ended(letter, () -> {});
        }
    }

    /** A letter that was taken has arrived. */
    void acknowledged(Letter letter) {
        ended(letter, () -> {
            if (letter.seq() > 0 && letter.stamp().boot().equals(stamp.boot())) {
                tail.add(letter);
            }
            tellLosses();
        });
    }

    /** A letter that was taken may not have arrived. One that hides a newer report is not sent again. */
    void returned(Letter letter) {
        lock.lock();
        try {
            if (!closed && reports.isOutdated(letter)) {
                end(letter);
            } else if (!closed) {
                waiting.returned(letter);
                room.shrink();
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A letter that was taken will never arrive. Where it is the news of such losses itself, that is not told again. */
    void refused(Letter letter, String why) {
        ended(letter, () -> {
            if (!letter.message().topic().endsWith("/event/" + LOSSES)) {
                room.lost(letter.rank(), "a message at " + letter.message().topic() + ": " + why);
            }
            tellLosses();
        });
    }

    /** Puts again what of these numbers is still had, and does not wait anyway. */
    Resent resend(Span span) throws IOException {
        Had had = new Had(span, flash);
        had.lookOnFlash();
        lock.lock();
        try {
            requireHere();
            had.lookOnFlash();
            had.lookAt(waiting.memory(Rank.EVENT));
            had.lookAt(waiting.memory(Rank.OBSERVATION));
            long now = nanos.getAsLong();
            tail.take(span, letter -> {
                boolean wanted = had.resend(letter.seq());
                if (wanted) {
                    Lane lane = waiting.lane(letter.rank(), letter.message().topic());
                    add(new Letter(lane, stamp, letter.message(), letter.seq(), now, ++lastOrder));
                }
                return wanted;
            });
            flusher.schedule();
            boolean ours = span.boot().equals(stamp.boot());
            return had.result(ours ? Math.min(span.to(), lastSeq) : span.to());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Leaves everything to whoever comes next, also what is on its way: nobody here will hear any more whether it arrived. At
     * worst it arrives twice, with one number.
     */
    void close() {
        lock.lock();
        try {
            closed = true;
            taker.stop();
            legacy.stop();
            flusher.stop();
            for (Rank rank : Rank.values()) {
                keeper.keep(rank, nanos.getAsLong(), Long.MAX_VALUE);
            }
            if (waiting.bytes() > 0) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "messages of " + waiting.bytes() + " bytes could not be written; they are lost");
            }
            if (counted) {
                flash.counted(new Counted(stamp.boot(), lastSeq, losses.counts()).write());
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "cannot leave to the next outbox how far this one counted", e);
        } finally {
            lock.unlock();
        }
        keeper.sync();
    }

    private void begin(Optional<Counted> before) {
        lock.lock();
        try {
            before.ifPresent(then -> losses.add(then.losses()));
            lastSeq = before.filter(then -> then.boot().equals(stamp.boot()))
                    .map(Counted::lastSeq)
                    .orElse(0L);
            counted = true;
            ready.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What is of use for seconds only is so for no other process. */
    private void inherit(Legacy.Found found) {
        boolean isPassing = found.written().isPassing();
        Letter letter = found.written().letter(found.lane(), isPassing ? 0 : found.number(), stamp, began);
        if (!isPassing) {
            waiting.found(found.lane(), found.number());
        } else {
            flash.remove(Rank.PASSING, found.number());
            if (letter.stamp().boot().equals(stamp.boot())) {
                add(letter);
            }
        }
        if (letter.isReport()) {
            reports.put(letter).ifPresent(this::remove);
        }
        arrived.signal();
    }

    /** Whoever still puts something here is told, rather than that it gets lost. */
    private void requireHere() {
        while (!counted && !closed) {
            ready.awaitUninterruptibly();
        }
        if (closed) {
            throw new IllegalStateException("this outbox was replaced: what is to go out is for the one after it");
        }
    }

    private void add(Letter letter) {
        room.add(letter);
        arrived.signal();
    }

    private void keep(Rank rank, boolean atOnce) {
        if (atOnce) {
            keeper.keep(rank, nanos.getAsLong(), Long.MAX_VALUE);
        }
        if (keeper.isFailing()) {
            room.dropFromMemory();
        }
        flusher.schedule();
    }

    /** What was taken does not come back. */
    private void ended(Letter letter, Runnable then) {
        lock.lock();
        try {
            if (!closed) {
                end(letter);
                then.run();
            }
        } finally {
            lock.unlock();
        }
    }

    private void end(Letter letter) {
        waiting.ended(letter);
        if (letter.number() > 0) {
            flash.remove(letter.rank(), letter.number());
        }
    }

    /** A newer one took its place, wherever it is. */
    private void remove(Letter older) {
        if (older.number() > 0) {
            older.lane().dropStored(older.number());
            flash.remove(older.rank(), older.number());
        } else {
            waiting.drop(older);
        }
    }

    /** Returns the time. */
    private long tellLosses() {
        long now = nanos.getAsLong();
        room.news(now).ifPresent(body -> tell(LOSSES, body));
        return now;
    }

    private void tellTrouble(String type, String why) {
        if (!closed) {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("type", type);
            body.put("detail", why);
            tell("storage", body);
        }
    }

    /** This is on flash a little later: whoever is here must not wait for it. */
    private void tell(String name, Map<String, Object> body) {
        Message event = news.apply(name, body);
        add(new Letter(waiting.lane(Rank.EVENT, ""), stamp, event, ++lastSeq, nanos.getAsLong(), ++lastOrder));
        flusher.schedule();
    }
}
