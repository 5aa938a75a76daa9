package io.gatehouse.store;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a segment's changes, with the numbers that tables have in the index now. */
final class Reading {
    private final Segment segment;
    private final Scan scan;
    private final Index index;
    private final Runnable otherNames;
    private final Map<Integer, Integer> numbers = new HashMap<>();
    private int nameless;

    /**
     * Begins to.
     *
     * @param otherNames is called where names are missing, and adds to the index those that it finds elsewhere
     */
    Reading(Segment segment, byte[] bytes, Index index, Runnable otherNames) {
        this.segment = segment;
        this.scan = new Scan(bytes, segment.salt());
        this.index = index;
        this.otherNames = otherNames;
    }

    /** The next change, if there is one. */
    Optional<Frame> next() {
        for (Optional<Frame> next = scan.next(); next.isPresent(); next = scan.next()) {
            Frame frame = next.get();
            int table = frame.item().table();
            if (frame.kind() == Frame.Kind.NAME) {
                numbers.put(table, index.number(frame.text(), table));
                continue;
            }
            @Nullable Integer number = number(table);
            if (number != null && fits(frame, number)) {
                Item item = frame.item();
                return Optional.of(new Frame(frame.kind(), new Item(number, item.number(), item.key()), frame.bytes()));
            }
            nameless += frame.length();
        }
        return Optional.empty();
    }

    /** Where the last change lies. */
    long place() {
        return Place.of(segment.number(), scan.offset());
    }

    /** How many bytes so far cannot be made sense of. */
    int unreadable() {
        return scan.unreadable() + nameless;
    }

    /** Where its name was damaged here, it stands at other places too. */
    private @Nullable Integer number(int table) {
        @Nullable Integer number = numbers.get(table);
        if (number == null && !index.isNamed(table)) {
            otherNames.run();
        }
        return number == null && index.isNamed(table) ? Integer.valueOf(table) : number;
    }

    private boolean fits(Frame frame, int number) {
        boolean ofValue = frame.kind() == Frame.Kind.PUT || frame.kind() == Frame.Kind.DROP;
        return index.table(number) instanceof Values == ofValue;
    }
}
