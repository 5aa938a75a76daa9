package io.gatehouse.outbox;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What waits, in the order in which it leaves: a lane for each rank, but one for each topic of observations, which take turns. So
 * one that stands still holds up nobody else. Guarded by the lock of {@link Queue}.
 */
final class Waiting {
    /** No device has more collectors; beyond that, lanes that nobody needs are looked for. */
    private static final int MANY_LANES = 256;

    private final Map<Rank, Lane> lanes = new EnumMap<>(Rank.class);
    private final Map<String, Lane> topics = new HashMap<>();
    private final Deque<Lane> turns = new ArrayDeque<>();
    private final Pace pace;
    private final Map<Rank, Memory> memory = new EnumMap<>(Rank.class);
    /** Of these all that is on flash is known here. */
    private final Set<Rank> found = EnumSet.of(Rank.PASSING);

    Waiting(Pace pace) {
        this.pace = pace;
        for (Rank rank : Rank.values()) {
            lanes.put(rank, new Lane(rank));
            memory.put(rank, new Memory());
        }
    }

    /** Where a message of this rank belongs. */
    Lane lane(Rank rank, String topic) {
        if (rank != Rank.OBSERVATION) {
            return of(lanes, rank);
        }
        Lane lane = topics.get(topic);
        if (lane == null) {
            if (topics.size() >= MANY_LANES) {
                topics.values().removeIf(idle -> idle.isIdle() && !idle.turns());
            }
            lane = new Lane(rank);
            topics.put(topic, lane);
        }
        return lane;
    }

    /** Adds what was put now, and is in memory only. */
    void add(Letter letter) {
        of(memory, letter.rank()).add(letter);
        takesTurns(letter.lane());
        letter.lane().addFresh(letter);
    }

    /** Adds what lies on flash from before. */
    void found(Lane lane, long number) {
        takesTurns(lane);
        lane.addStored(number);
        if (lane.rank() == Rank.OBSERVATION) {
            pace.old(number);
        }
    }

    /** Nothing more is found. */
    void foundAll(Rank rank) {
        found.add(rank);
    }

    /** What is in memory lies on flash now. What is put there before all was found is going to be found. */
    void stored(Letter letter, long number) {
        memory(letter.rank()).remove(letter);
        boolean waits = letter.lane().removeFresh(letter);
        letter.number(number);
        if (waits && found.contains(letter.rank())) {
            letter.lane().addStored(number);
        }
        if (letter.rank() == Rank.OBSERVATION) {
            pace.given(number, letter.since());
        }
    }

    /** What was taken will not be returned. */
    void ended(Letter letter) {
        letter.lane().gone();
        memory(letter.rank()).remove(letter);
    }

    /** What is in memory only is not wanted any more, whether it waits or is on its way. */
    void drop(Letter letter) {
        letter.lane().removeFresh(letter);
        memory(letter.rank()).remove(letter);
    }

    void returned(Letter letter) {
        takesTurns(letter.lane());
        if (letter.number() == 0) {
            letter.lane().returned(letter);
        } else {
            letter.lane().returned(letter.number());
        }
    }

    /** From where something may leave now. */
    Optional<Lane> next(long now, boolean flashCanBeRead) {
        for (Rank rank : Rank.values()) {
            Lane lane = of(lanes, rank);
            if (found.contains(rank) && !lane.isEmpty() && (flashCanBeRead || lane.firstStored() == 0)) {
                return Optional.of(lane);
            }
        }
        return found.contains(Rank.OBSERVATION) ? nextTurn(now, flashCanBeRead) : Optional.empty();
    }

    /** How long until what waits for its pace may leave. */
    long pause(long now) {
        return pace.pause(now);
    }

    /** What of a rank is in memory only. */
    Memory memory(Rank rank) {
        return of(memory, rank);
    }

    /** How much is in memory only and to be written some time. */
    long bytes() {
        return memory(Rank.ANSWER).bytes()
                + memory(Rank.EVENT).bytes()
                + memory(Rank.OBSERVATION).bytes();
    }

    /** The lane with the oldest of a rank that waits on flash. */
    Optional<Lane> oldestStored(Rank rank) {
        return rank == Rank.OBSERVATION
                ? topics.values().stream()
                        .filter(lane -> lane.firstStored() > 0)
                        .min(Comparator.comparingLong(Lane::firstStored))
                : Optional.of(of(lanes, rank)).filter(lane -> lane.firstStored() > 0);
    }

    /** The oldest of a rank that waits in memory. */
    Optional<Letter> oldestFresh(Rank rank) {
        if (rank != Rank.OBSERVATION) {
            return of(lanes, rank).firstFresh();
        }
        return topics.values().stream()
                .flatMap(lane -> lane.firstFresh().stream())
                .min(Comparator.comparingLong(Letter::order));
    }

    private Optional<Lane> nextTurn(long now, boolean flashCanBeRead) {
        for (int left = turns.size(); left > 0; left--) {
            Lane lane = turns.removeFirst();
            if (lane.isEmpty()) {
                lane.turns(false);
                continue;
            }
            turns.addLast(lane);
            boolean old = isOld(lane, now);
            if ((flashCanBeRead || lane.firstStored() == 0) && (!old || pace.pause(now) == 0)) {
                if (old) {
                    pace.leaves(now);
                }
                return Optional.of(lane);
            }
        }
        return Optional.empty();
    }

    private boolean isOld(Lane lane, long now) {
        return lane.firstStored() > 0
                ? pace.isOld(lane.firstStored(), now)
                : lane.firstFresh()
                        .filter(first -> now - first.since() > Pace.OLD)
                        .isPresent();
    }

    private void takesTurns(Lane lane) {
        if (lane.rank() == Rank.OBSERVATION && !lane.turns()) {
            lane.turns(true);
            turns.addLast(lane);
        }
    }

    private static <T> T of(Map<Rank, T> map, Rank rank) {
        return Objects.requireNonNull(map.get(rank), "every rank has one");
    }
}
