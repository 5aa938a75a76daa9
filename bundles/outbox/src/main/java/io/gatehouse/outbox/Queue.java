package io.gatehouse.outbox;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What waits, in the order in which it leaves, within its bound. Thread-safe. What a transport took counts as long as it
 * may be returned, and is never dropped.
 */
final class Queue implements Outgoing {
    private static final System.Logger LOG = System.getLogger(Queue.class.getName());
    /** In the order in which they are dropped. */
    private static final List<Rank> CHEAPEST_FIRST = List.of(Rank.OBSERVATION, Rank.EVENT, Rank.ANSWER);

    /** No process waits longer for its broker. */
    private static final Duration FOR_EVER = Duration.ofDays(365);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Shelf shelf;
    private final Stamp stamp;
    private final LongSupplier nanos;
    private final Function<Map<String, Object>, Message> lossEvent;
    private final Losses losses;
    /** The newest report at each topic; there are as many as the device has resources. */
    private final Map<String, Newest> newestReports = new HashMap<>();

    private record Newest(long id, long place) {}

    private long bound;
    private long used;
    private long lastId;
    private long lastSeq;
    private boolean handedOver;

    /**
     * An empty queue.
     *
     * @param bytes its bound
     * @param lossEvent makes the event that tells what was dropped
     * @param nanos as {@link System#nanoTime}
     */
    Queue(Shelf shelf, long bytes, Stamp stamp, Function<Map<String, Object>, Message> lossEvent, LongSupplier nanos) {
        this.shelf = shelf;
        this.bound = bytes;
        this.stamp = stamp;
        this.lossEvent = lossEvent;
        this.nanos = nanos;
        this.losses = new Losses(nanos.getAsLong());
    }

    /** From now on no more than this. */
    void bound(long bytes) {
        lock.lock();
        try {
            bound = bytes;
            makeRoom(0, Rank.ANSWER);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Puts an observation or an event, and the copies of it that go elsewhere: all of them carry one number. It is
     * numbered here, not when it leaves, so that one that is dropped leaves a gap.
     */
    void putNumbered(Rank rank, List<Message> same) {
        lock.lock();
        try {
            requireHere();
            tellLosses();
            long seq = ++lastSeq;
            for (Message message : same) {
                add(rank, stamp.on(message, seq));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Puts a reply, a request or, where it is retained, a report. */
    void put(Message message) {
        lock.lock();
        try {
            requireHere();
            tellLosses();
            Message stamped = stamp.on(message);
            if (stamped.retain()) {
                addReport(stamped);
            } else {
                add(Rank.ANSWER, stamped);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Parcel take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                Optional<Letter> next = handedOver ? Optional.empty() : shelf.take();
                if (next.isEmpty()) {
                    arrived.await();
                } else if (next.get().expired(nanos.getAsLong())) {
                    forget(next.get());
                } else {
                    return new Loan(this, next.get(), remaining(next.get()));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** A letter that was taken has arrived. */
    void acknowledged(Letter letter) {
        lock.lock();
        try {
            forget(letter);
            tellLosses();
        } finally {
            lock.unlock();
        }
    }

    /** A letter that was taken may not have arrived. */
    void returned(Letter letter) {
        lock.lock();
        try {
            if (isOutdated(letter)) {
                forget(letter);
            } else {
                shelf.put(letter);
                makeRoom(0, Rank.ANSWER);
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * All that waits and the counts, for whoever goes on in this place; here it ends. What is on its way goes along, since
     * nobody here will hear any more whether it arrived: at worst it arrives twice, with one number.
     */
    Handover handOver() {
        lock.lock();
        try {
            handedOver = true;
            long now = nanos.getAsLong();
            List<Handover.Item> items = new ArrayList<>();
            for (Letter letter : shelf.all()) {
                if (!isOutdated(letter) && !letter.expired(now)) {
                    items.add(new Handover.Item(letter.id(), letter.place(), letter.rank(), remaining(letter)));
                }
            }
            return new Handover(stamp.boot(), lastId, lastSeq, items);
        } finally {
            lock.unlock();
        }
    }

    /** Goes on where another stopped. To be called before anything else. */
    void resume(Handover handover) {
        lock.lock();
        try {
            lastId = handover.lastId();
            lastSeq = handover.lastSeq();
            for (Handover.Item item : handover.items()) {
                keep(letter(item.id(), item.place(), item.rank(), item.message()));
            }
            makeRoom(0, Rank.ANSWER);
        } finally {
            lock.unlock();
        }
    }

    /** Whoever still puts something here is told, rather than that it gets lost. */
    private void requireHere() {
        if (handedOver) {
            throw new IllegalStateException("this outbox was replaced: what is to go out is for the one after it");
        }
    }

    /** Sent again it would hide the newer report, which may have arrived already. */
    private boolean isOutdated(Letter letter) {
        Newest newest = newestReports.get(letter.message().topic());
        return letter.isReport() && newest != null && newest.id() != letter.id();
    }

    private void addReport(Message report) {
        Newest older = newestReports.get(report.topic());
        Optional<Letter> waiting = older == null ? Optional.empty() : shelf.drop(Rank.ANSWER, older.place());
        waiting.ifPresent(this::forget);
        long id = ++lastId;
        add(letter(id, waiting.map(Letter::place).orElse(id), Rank.ANSWER, report));
    }

    private void add(Rank rank, Message message) {
        long id = ++lastId;
        add(letter(id, id, rank, message));
    }

    private void add(Letter letter) {
        if (letter.bytes() <= bound && makeRoom(letter.bytes(), letter.rank())) {
            keep(letter);
            arrived.signal();
        } else {
            lost(letter);
        }
    }

    private void keep(Letter letter) {
        shelf.put(letter);
        used += letter.bytes();
        if (letter.isReport()) {
            newestReports.put(letter.message().topic(), new Newest(letter.id(), letter.place()));
        }
    }

    /** Drops what is ranked no higher than this, the oldest of the lowest rank first, until so many bytes fit. */
    private boolean makeRoom(long bytes, Rank rank) {
        for (Rank cheapest : CHEAPEST_FIRST) {
            while (used + bytes > bound && cheapest.compareTo(rank) >= 0) {
                Optional<Letter> oldest = shelf.drop(cheapest);
                if (oldest.isEmpty()) {
                    break;
                }
                forget(oldest.get());
                lost(oldest.get());
            }
        }
        return used + bytes <= bound;
    }

    private void lost(Letter letter) {
        String topic = letter.message().topic();
        boolean first = losses.count(letter.rank());
        if (letter.bytes() > bound) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "drops a message at " + topic + ": its " + letter.bytes()
                            + " bytes are more than the whole outbox has, " + bound);
        } else if (first) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "outbox is full (" + bound + " bytes): drops what is oldest, first at " + topic);
        }
    }

    /** Only once a quarter is free, so that the news does not drop something itself. */
    private void tellLosses() {
        if (!handedOver && !losses.none() && used <= bound - bound / 4) {
            losses.due(nanos.getAsLong())
                    .ifPresent(body -> add(Rank.EVENT, stamp.on(lossEvent.apply(body), ++lastSeq)));
        }
    }

    private void forget(Letter letter) {
        used -= letter.bytes();
        shelf.forget(letter);
    }

    private Letter letter(long id, long place, Rank rank, Message message) {
        Optional<Duration> expiry = message.expiry().filter(time -> time.compareTo(FOR_EVER) < 0);
        OptionalLong expires = expiry.isPresent()
                ? OptionalLong.of(nanos.getAsLong() + expiry.get().toNanos())
                : OptionalLong.empty();
        return new Letter(id, place, rank, message, expires);
    }

    /** The message as it is to be sent now: the time that it waited is no longer its to live. */
    private Message remaining(Letter letter) {
        if (letter.expires().isEmpty()) {
            return letter.message();
        }
        long left = letter.expires().getAsLong() - nanos.getAsLong();
        return letter.message()
                .expiring(Duration.ofSeconds(
                        Math.max(1, Duration.ofNanos(left).plusMillis(999).toSeconds())));
    }
}
