package io.gatehouse.outbox;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Keeps what waits within its bounds, and counts what was dropped for them. Guarded by the lock of {@link Queue}. */
final class Room {
    private static final System.Logger LOG = System.getLogger(Room.class.getName());

    /** So much may be in memory only, of a heap of 32 MB, whatever becomes of flash. */
    static final long MEMORY = 2 << 20;

    /** Of it, what is of use for seconds only: twice what {@code artifact.read} answers at a time, and as much again for all else. */
    private static final long PASSING = 768 << 10;

    /** In the order in which they are dropped. */
    private static final List<Rank> CHEAPEST_FIRST = List.of(Rank.OBSERVATION, Rank.EVENT, Rank.ANSWER);

    private final Waiting waiting;
    private final Flash flash;
    private final Losses losses;
    private long bound;

    Room(Waiting waiting, Flash flash, Losses losses, long bytes) {
        this.waiting = waiting;
        this.flash = flash;
        this.losses = losses;
        this.bound = bytes;
    }

    /** From now on no more than this. */
    void bound(long bytes) {
        bound = bytes;
        shrink();
    }

    /** Drops what is beyond the bound. */
    void shrink() {
        make(0, Rank.ANSWER);
    }

    /** Adds it, where there is room or what is ranked no higher gives way to it. */
    void add(Letter letter) {
        if (letter.rank() == Rank.PASSING) {
            waiting.add(letter);
            dropFrom(Rank.PASSING, () -> waiting.memory(Rank.PASSING).bytes() > PASSING);
        } else if (letter.bytes() <= bound && make(letter.bytes(), letter.rank())) {
            waiting.add(letter);
        } else {
            lost(letter.rank(), "a message at " + letter.message().topic() + " of " + letter.bytes() + " bytes");
        }
    }

    /** Where nothing can be written, memory has its own bound. */
    void dropFromMemory() {
        for (Rank cheapest : CHEAPEST_FIRST) {
            dropFrom(cheapest, () -> waiting.bytes() > MEMORY);
        }
    }

    /** Drops the oldest on flash that is ranked no higher; false where there is none. */
    boolean dropStored(Rank rank) {
        return CHEAPEST_FIRST.stream()
                .anyMatch(cheapest -> cheapest.compareTo(rank) >= 0 && dropOldestStored(cheapest));
    }

    /** Counts what cannot be kept. */
    void lost(Rank rank, String what) {
        if (losses.count(rank)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "drops what does not fit, cannot be read or is refused, first " + what + "; what waits takes "
                            + used() + " of " + bound + " bytes");
        }
    }

    /** What was dropped, where it is time to tell; only once a quarter is free, so that the news drops nothing itself. */
    Optional<Map<String, Object>> news(long now) {
        return losses.none() || used() > bound - bound / 4 ? Optional.empty() : losses.due(now);
    }

    private boolean make(long bytes, Rank rank) {
        for (Rank cheapest : CHEAPEST_FIRST) {
            boolean dropped = true;
            while (dropped && used() + bytes > bound && cheapest.compareTo(rank) >= 0) {
                dropped = dropOldestStored(cheapest) || dropOldestFresh(cheapest);
            }
        }
        return used() + bytes <= bound;
    }

    private void dropFrom(Rank rank, BooleanSupplier tooMuch) {
        boolean dropped = true;
        while (dropped && tooMuch.getAsBoolean()) {
            dropped = dropOldestFresh(rank);
        }
    }

    private boolean dropOldestStored(Rank rank) {
        Optional<Lane> lane = waiting.oldestStored(rank);
        lane.ifPresent(oldest -> {
            long number = oldest.firstStored();
            oldest.dropStored(number);
            flash.remove(rank, number);
            lost(rank, "number " + number + " of its " + rank.line());
        });
        return lane.isPresent();
    }

    private boolean dropOldestFresh(Rank rank) {
        Optional<Letter> letter = waiting.oldestFresh(rank);
        letter.ifPresent(oldest -> {
            waiting.drop(oldest);
            lost(rank, "a message at " + oldest.message().topic());
        });
        return letter.isPresent();
    }

    private long used() {
        return flash.bytes() + waiting.bytes();
    }
}
