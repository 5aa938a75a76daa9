package io.gatehouse.outbox;

import java.util.List;
import java.util.Optional;

/**
 * Where letters lie. Whoever uses it holds a lock. A letter that was taken is still kept, as it may be returned, until it is
 * forgotten: a shelf on flash would lose nothing in a crash between the two.
 */
interface Shelf {
    /** Keeps a letter, new or returned, at its place. */
    void put(Letter letter);

    /** The next letter by rank and place, which from now on is on its way. */
    Optional<Letter> take();

    /** The letter of this rank that waits longest, now dropped. */
    Optional<Letter> drop(Rank rank);

    /** A letter that was taken will not be returned. */
    void forget(Letter letter);

    /** The letter that waits at this place, now dropped. */
    Optional<Letter> drop(Rank rank, long place);

    /** All that are kept, also those on their way, in the order in which they would leave. */
    List<Letter> all();
}
