package io.gatehouse.store;

import io.gatehouse.api.store.Line;
import io.gatehouse.api.store.NoRoom;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/**
 * One bundle's line.
 *
 * @param number its table's
 */
record KeptLine(Depot depot, String bundle, int number) implements Line {
    @Override
    public long append(byte[] record) throws NoRoom {
        return depot.append(bundle, number, record);
    }

    @Override
    public List<Entry> read(long after, int bytes) throws IOException {
        return depot.read(number, after, bytes);
    }

    @Override
    public OptionalLong next(long after) {
        return depot.next(number, after);
    }

    @Override
    public void remove(long record) {
        depot.remove(number, record);
    }

    @Override
    public int count() {
        return depot.count(number);
    }

    @Override
    public long bytes() {
        return depot.bytes(number);
    }
}
