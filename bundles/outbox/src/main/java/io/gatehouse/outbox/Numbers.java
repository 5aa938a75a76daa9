package io.gatehouse.outbox;

/** Rising numbers. A hundred thousand may wait in a heap of 32 MB, so they lie in a ring of primitives. */
final class Numbers {
    private static final int LEAST = 8;

    private long[] ring = new long[LEAST];
    private int head;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    /** The lowest. */
    long first() {
        return at(0);
    }

    /** Takes the lowest away. */
    long takeFirst() {
        long first = at(0);
        removeAt(0);
        return first;
    }

    /** Adds one where it belongs, mostly as the highest, or near the lowest. */
    void add(long number) {
        if (size == ring.length) {
            resize(2 * size);
        }
        int place = size;
        if (size > 0 && number < at(size - 1)) {
            place = 0;
            while (at(place) < number) {
                place++;
            }
            head = index(-1);
            for (int i = 0; i < place; i++) {
                ring[index(i)] = at(i + 1);
            }
        }
        ring[index(place)] = number;
        size++;
    }

    /** Takes one away, if it is there. */
    void remove(long number) {
        for (int place = 0; place < size && at(place) <= number; place++) {
            if (at(place) == number) {
                removeAt(place);
            }
        }
    }

    private void removeAt(int place) {
        for (int i = place; i > 0; i--) {
            ring[index(i)] = at(i - 1);
        }
        head = index(1);
        size--;
        if (ring.length > LEAST && size < ring.length / 4) {
            resize(ring.length / 2);
        }
    }

    private long at(int place) {
        return ring[index(place)];
    }

    /** Lengths are powers of two. */
    private int index(int place) {
        return (head + place) & (ring.length - 1);
    }

    private void resize(int length) {
        long[] other = new long[length];
        for (int i = 0; i < size; i++) {
            other[i] = at(i);
        }
        ring = other;
        head = 0;
    }
}
