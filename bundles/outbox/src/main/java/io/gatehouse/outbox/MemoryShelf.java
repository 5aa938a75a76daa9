package io.gatehouse.outbox;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Letters in memory, gone with the process. */
final class MemoryShelf implements Shelf {
    private final Map<Rank, NavigableMap<Long, Letter>> ranks = new EnumMap<>(Rank.class);

    MemoryShelf() {
        for (Rank rank : Rank.values()) {
            ranks.put(rank, new TreeMap<>());
        }
    }

    @Override
    public void put(Letter letter) {
        places(letter.rank()).put(letter.place(), letter);
    }

    @Override
    public Optional<Letter> take() {
        for (NavigableMap<Long, Letter> places : ranks.values()) {
            if (!places.isEmpty()) {
                return Optional.of(places.pollFirstEntry().getValue());
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
        // what was taken is not held here
    }

    @Override
    public List<Letter> waiting() {
        List<Letter> all = new ArrayList<>();
        ranks.values().forEach(places -> all.addAll(places.values()));
        return all;
    }

    private NavigableMap<Long, Letter> places(Rank rank) {
        return Objects.requireNonNull(ranks.get(rank), "every rank has its places");
    }
}
