package io.gatehouse.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where the values of one bundle lie. */
final class Values implements Table {
    /** About what a value takes in memory beside its key. */
    static final int OVERHEAD = 150;

    private final Map<String, Spot> spots = new HashMap<>();
    private long bytes;

    /**
     * Of a value.
     *
     * @param length on flash
     * @param counted of what was put last, which may not be on flash yet
     */
    private record Spot(long place, int length, int counted) {}

    @Override
    public long place(Item item) {
        @Nullable Spot spot = spots.get(item.key());
        return spot == null ? Place.NONE : spot.place;
    }

    @Override
    public int length(Item item) {
        @Nullable Spot spot = spots.get(item.key());
        return spot == null ? 0 : spot.length;
    }

    /** What the value counts, 0 where there is none. */
    long counted(Item item) {
        @Nullable Spot spot = spots.get(item.key());
        return spot == null ? 0 : spot.counted + OVERHEAD;
    }

    @Override
    public void settle(Item item, long place, int length) {
        @Nullable Spot old = spots.get(item.key());
        set(item, new Spot(place, length, old == null ? length : old.counted));
    }

    /** As {@link #settle}, for one that is not newer in memory. */
    void found(Item item, long place, int length) {
        set(item, new Spot(place, length, length));
    }

    @Override
    public void put(Item item, int length) {
        @Nullable Spot old = spots.get(item.key());
        set(item, old == null ? new Spot(Place.PENDING, 0, length) : new Spot(old.place, old.length, length));
    }

    @Override
    public void remove(Item item) {
        bytes -= counted(item);
        spots.remove(item.key());
    }

    @Override
    public List<Item> items(int table) {
        return spots.keySet().stream().map(key -> new Item(table, 0, key)).toList();
    }

    Set<String> keys() {
        return Set.copyOf(spots.keySet());
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public int removeIn(long segment) {
        int before = spots.size();
        spots.values().removeIf(spot -> {
            boolean there = spot.place > 0 && Place.segment(spot.place) == segment;
            bytes -= there ? spot.counted + OVERHEAD : 0;
            return there;
        });
        return before - spots.size();
    }

    private void set(Item item, Spot spot) {
        bytes -= counted(item);
        spots.put(item.key(), spot);
        bytes += spot.counted + OVERHEAD;
    }
}
