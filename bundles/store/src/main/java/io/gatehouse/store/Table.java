package io.gatehouse.store;

import java.util.List;

/** Where the values or the records of one name lie. Whoever uses it holds the lock of {@link Depot}. */
interface Table {
    /** Where it lies on flash; {@link Place#PENDING} where it does not yet, {@link Place#NONE} where it is not there. */
    long place(Item item);

    /** How many bytes it takes there. */
    int length(Item item);

    /** From now on it lies there. */
    void settle(Item item, long place, int length);

    /** It was put and is to be written; where it lay before is not forgotten until it is. */
    void put(Item item, int length);

    void remove(Item item);

    /**
     * All that is there.
     *
     * @param table the number of this table
     */
    List<Item> items(int table);

    /** What counts against the bound of whoever owns it. */
    long bytes();

    /** Removes what lies in a segment, and says how many that were. */
    int removeIn(long segment);
}
