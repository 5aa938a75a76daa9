package io.gatehouse.terminal;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * What a program has shown and the other side has not taken yet. It is bounded: who puts more waits.
 *
 * <p>A program whose output nobody takes does not read its input either, where both go through one loop, as they do in
 * {@code script}; then not even Ctrl-C would arrive. So each input lends some room: enough for that loop to turn once.
 */
final class Backlog {
    /** Bytes that {@code script} moves in two turns of its loop, and what may lie on the way to it. */
    static final int LOAN = 32 * 1024;

    private final int room;
    private final int most;
    private final Queue<byte[]> waiting = new ArrayDeque<>();
    private int length;
    private int lent;
    private boolean isEnded;

    /**
     * An empty one.
     *
     * @param room bytes, before who puts waits
     * @param most bytes that inputs may have lent beyond that, together
     */
    Backlog(int room, int most) {
        this.room = room;
        this.most = most;
    }

    /** Waits until there is room; after the end it does nothing. */
    synchronized void put(byte[] bytes) throws InterruptedException {
        while (!isEnded && length >= room + lent) {
            wait();
        }
        if (!isEnded && bytes.length > 0) {
            waiting.add(bytes);
            length += bytes.length;
            notifyAll();
        }
    }

    /** The oldest; waits until there is some. Nothing where all was taken and no more comes. */
    synchronized Optional<byte[]> take() throws InterruptedException {
        while (waiting.isEmpty() && !isEnded) {
            wait();
        }
        Optional<byte[]> taken = Optional.ofNullable(waiting.poll());
        int bytes = taken.map(piece -> piece.length).orElse(0);
        length -= bytes;
        lent = Math.max(0, lent - bytes); // first of all what was lent is given back
        notifyAll();
        return taken;
    }

    /** Something is typed: where there is no room, some is lent. */
    synchronized void lend() {
        if (length >= room) {
            lent = Math.min(most, lent + LOAN);
            notifyAll();
        }
    }

    /** No more comes. */
    synchronized void end() {
        isEnded = true;
        notifyAll();
    }
}
