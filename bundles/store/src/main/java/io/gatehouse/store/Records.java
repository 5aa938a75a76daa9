package io.gatehouse.store;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the records of a line lie. There may be a hundred thousand in a heap of 32 MB, mostly one after the other, so their
 * places are in blocks of primitives.
 */
final class Records implements Table {
    private static final int BLOCK = 64;

    private final NavigableMap<Long, Block> blocks = new TreeMap<>();
    private long last;
    private int count;
    private long bytes;

    private static final class Block {
        private final long[] places = new long[BLOCK];
        private final int[] lengths = new int[BLOCK];
        private int count;
    }

    /** A number for a new record. */
    long newNumber() {
        return ++last;
    }

    /** Numbers up to this were given. */
    void given(long number) {
        last = Math.max(last, number);
    }

    @Override
    public long place(Item item) {
        @Nullable Block block = blocks.get(item.number() / BLOCK);
        return block == null ? Place.NONE : block.places[slot(item.number())];
    }

    @Override
    public int length(Item item) {
        @Nullable Block block = blocks.get(item.number() / BLOCK);
        return block == null ? 0 : block.lengths[slot(item.number())];
    }

    @Override
    public void settle(Item item, long place, int length) {
        Block block = blocks.computeIfAbsent(item.number() / BLOCK, number -> new Block());
        int slot = slot(item.number());
        if (block.places[slot] == Place.NONE) {
            block.count++;
            count++;
            bytes += length;
        }
        block.places[slot] = place;
        block.lengths[slot] = length;
        given(item.number());
    }

    @Override
    public void put(Item item, int length) {
        settle(item, Place.PENDING, length);
    }

    @Override
    public void remove(Item item) {
        @Nullable Block block = blocks.get(item.number() / BLOCK);
        if (block != null) {
            clear(block, slot(item.number()));
            if (block.count == 0) {
                blocks.remove(item.number() / BLOCK);
            }
        }
    }

    /** The lowest number that is there and not below this; 0 where there is none. */
    long from(long number) {
        for (Map.Entry<Long, Block> entry : blocks.tailMap(number / BLOCK, true).entrySet()) {
            long first = entry.getKey() * BLOCK;
            for (int slot = (int) Math.max(0, number - first); slot < BLOCK; slot++) {
                if (entry.getValue().places[slot] != Place.NONE) {
                    return first + slot;
                }
            }
        }
        return 0;
    }

    @Override
    public List<Item> items(int table) {
        List<Item> items = new ArrayList<>();
        for (long number = from(1); number != 0; number = from(number + 1)) {
            items.add(new Item(table, number, ""));
        }
        return items;
    }

    int count() {
        return count;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public int removeIn(long segment) {
        int before = count;
        for (Iterator<Block> all = blocks.values().iterator(); all.hasNext(); ) {
            Block block = all.next();
            for (int slot = 0; slot < BLOCK; slot++) {
                if (block.places[slot] > 0 && Place.segment(block.places[slot]) == segment) {
                    clear(block, slot);
                }
            }
            if (block.count == 0) {
                all.remove();
            }
        }
        return before - count;
    }

    private void clear(Block block, int slot) {
        if (block.places[slot] != Place.NONE) {
            block.places[slot] = Place.NONE;
            block.count--;
            count--;
            bytes -= block.lengths[slot];
        }
    }

    private static int slot(long number) {
        return (int) (number % BLOCK);
    }
}
