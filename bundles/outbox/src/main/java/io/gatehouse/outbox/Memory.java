package io.gatehouse.outbox;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The letters of a rank that are in memory only, whether they wait or are on their way, in the order of their putting. Guarded by
 * the lock of {@link Queue}.
 */
final class Memory implements Iterable<Letter> {
    private final Set<Letter> letters = new LinkedHashSet<>();
    private long bytes;

    void add(Letter letter) {
        letters.add(letter);
        bytes += letter.bytes();
    }

    /** Removes one, if it is here. */
    void remove(Letter letter) {
        if (letters.remove(letter)) {
            bytes -= letter.bytes();
        }
    }

    Optional<Letter> oldest() {
        return letters.isEmpty()
                ? Optional.empty()
                : Optional.of(letters.iterator().next());
    }

    /** About what they take. */
    long bytes() {
        return bytes;
    }

    @Override
    public Iterator<Letter> iterator() {
        return letters.iterator();
    }
}
