package io.gatehouse.api.store;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Records in the order in which they were appended, each kept until it is removed. One that is removed before it had to be on
 * flash is never written there. Thread-safe, as is {@link Store}.
 */
@ProviderType
public interface Line {
    /**
     * Appends a record.
     *
     * @return its number, higher than any before in this line, also before a restart as long as any of those is kept
     * @throws NoRoom where it does not fit
     * @throws IllegalArgumentException where it is larger than {@link Store#LARGEST}
     */
    long append(byte[] record) throws NoRoom;

    /**
     * Reads records in order. What was damaged on flash is passed over and removed, which is logged.
     *
     * @param after the number after which to begin, 0 for the oldest
     * @param bytes how much to read at most; the first record is read whatever its size
     * @throws IOException where flash cannot be read now
     */
    List<Entry> read(long after, int bytes) throws IOException;

    /** The number of the oldest record after this number, without reading it. */
    OptionalLong next(long after);

    /** Removes a record, if it is there. */
    void remove(long number);

    /** How many records there are. */
    int count();

    /** What they take together, in bytes of flash. */
    long bytes();

    /**
     * A record in its line.
     *
     * @param number its place
     */
    @SuppressWarnings("ArrayRecordComponent") // the bytes as they are; nobody compares entries
    record Entry(long number, byte[] record) {}
}
