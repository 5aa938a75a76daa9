package io.gatehouse.outbox;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * What leaves one after the other: all of a rank, or the observations at one topic. First comes what is on flash, of which the
 * numbers are here, then what is newer and in memory only. Guarded by the lock of {@link Queue}.
 */
final class Lane {
    private final Rank rank;
    private final Numbers stored = new Numbers();
    private final Deque<Letter> fresh = new ArrayDeque<>(4);
    private int onTheirWay;
    private boolean turns;

    Lane(Rank rank) {
        this.rank = rank;
    }

    Rank rank() {
        return rank;
    }

    /** Whether it is among those that take turns; for {@link Waiting}. */
    boolean turns() {
        return turns;
    }

    void turns(boolean takesThem) {
        turns = takesThem;
    }

    boolean isEmpty() {
        return stored.isEmpty() && fresh.isEmpty();
    }

    /** Whether nobody will ask for it any more. */
    boolean isIdle() {
        return isEmpty() && onTheirWay == 0;
    }

    /** Of what leaves next where that is on flash, else 0. */
    long firstStored() {
        return stored.isEmpty() ? 0 : stored.first();
    }

    /** What leaves next where nothing is on flash. */
    Optional<Letter> firstFresh() {
        return Optional.ofNullable(fresh.peekFirst());
    }

    void addStored(long number) {
        stored.add(number);
    }

    void dropStored(long number) {
        stored.remove(number);
    }

    void addFresh(Letter letter) {
        fresh.addLast(letter);
    }

    boolean removeFresh(Letter letter) {
        return fresh.peekFirst() == letter ? fresh.pollFirst() == letter : fresh.remove(letter);
    }

    long takeStored() {
        onTheirWay++;
        return stored.takeFirst();
    }

    Letter takeFresh() {
        onTheirWay++;
        return fresh.removeFirst();
    }

    /** One that was taken will not be returned. */
    void gone() {
        onTheirWay--;
    }

    void returned(long number) {
        onTheirWay--;
        stored.add(number);
    }

    /** Puts one back that was taken, before those that were put later. */
    void returned(Letter letter) {
        onTheirWay--;
        Deque<Letter> older = new ArrayDeque<>();
        for (Letter next = fresh.peekFirst(); next != null && next.order() < letter.order(); next = fresh.peekFirst()) {
            older.addFirst(fresh.removeFirst());
        }
        fresh.addFirst(letter);
        older.forEach(fresh::addFirst);
    }
}
