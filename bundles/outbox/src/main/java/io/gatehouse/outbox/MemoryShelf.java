package io.gatehouse.outbox;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Letters in memory, gone with the process. */
final class MemoryShelf implements Shelf {
    private static final Comparator<Letter> ORDER =
            Comparator.comparing(Letter::rank).thenComparingLong(Letter::place);

    private final Map<Rank, NavigableMap<Long, Letter>> ranks = new EnumMap<>(Rank.class);
    private final Map<Long, Letter> taken = new HashMap<>();

    MemoryShelf() {
        for (Rank rank : Rank.values()) {
            ranks.put(rank, new TreeMap<>());
        }
    }

    @Override
    public void put(Letter letter) {
        taken.remove(letter.id());
        places(letter.rank()).put(letter.place(), letter);
    }

    @Override
    public Optional<Letter> take() {
        for (NavigableMap<Long, Letter> places : ranks.values()) {
            if (!places.isEmpty()) {
                Letter next = places.pollFirstEntry().getValue();
                taken.put(next.id(), next);
                return Optional.of(next);
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<Letter> drop(Rank rank) {
        return Optional.ofNullable(places(rank).pollFirstEntry()).map(Map.Entry::getValue);
    }

    @Override
    public Optional<Letter> drop(Rank rank, long place) {
        return Optional.ofNullable(places(rank).remove(place));
    }

    @Override
    public void forget(Letter letter) {
        taken.remove(letter.id());
    }

    @Override
    public List<Letter> all() {
        List<Letter> all = new ArrayList<>(taken.values());
        ranks.values().forEach(places -> all.addAll(places.values()));
        all.sort(ORDER);
        return all;
    }

    private NavigableMap<Long, Letter> places(Rank rank) {
        return Objects.requireNonNull(ranks.get(rank), "every rank has its places");
    }
}
