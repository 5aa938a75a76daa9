package io.gatehouse.api.store;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What a bundle keeps through restarts, updates and power cuts: values by key, and lines of records. Each bundle that gets this
 * service sees its own, by its symbolic name, and no other's; it outlives the bundle. It is for kilobytes, within a bound that
 * the device sets (1 MiB for a plug-in), not for files.
 *
 * <p>What is put here counts at once for whoever reads, and is on flash after {@link #sync}, or without it after some seconds
 * (a setting of the device, 10): so long may a power cut or a killed process undo the latest changes, never the order within a
 * line, and never a part of a record or value. Flash wears out: call {@code sync} where something must not be done twice or be
 * forgotten, and not for what will be measured again.
 *
 * <p>Where flash is full or cannot be written, what is kept is still read, and changes are held in memory as far as that is
 * permitted, then refused with {@link NoRoom}; they are written as soon as that works again.
 *
 * <p>Thread-safe. No interrupt ends a call. Arrays are copied neither way: do not change one that was handed over.
 */
@ProviderType
public interface Store {
    /** The largest value or record, in bytes. */
    int LARGEST = 1 << 20;

    /** The longest key, in bytes of UTF-8. */
    int LONGEST_KEY = 255;

    /**
     * The value of a key.
     *
     * @throws IOException where there is one and it cannot be read, or was damaged; putting or removing it ends that
     */
    Optional<byte[]> get(String key) throws IOException;

    /**
     * Keeps a value in place of the key's older one. It counts with its key and 150 bytes more.
     *
     * @throws NoRoom where it does not fit; the older value stays
     * @throws IllegalArgumentException where key or value is too long, or the key is empty
     */
    void put(String key, byte[] value) throws NoRoom;

    /** Removes a value, if there is one. */
    void remove(String key);

    /** The keys that have values, in no order; a copy. */
    Set<String> keys();

    /**
     * The line of this name, empty where there was none; always the same for a name.
     *
     * @param name 1 to 40 of the characters a to z, 0 to 9, hyphen and dot; no more than 16 lines for a bundle
     */
    Line line(String name);

    /**
     * Returns when all that was put, appended or removed here before is on flash. Callers that come at the same time share one write.
     *
     * @throws IOException where it is not: it counts nevertheless, stays in memory and is tried again
     */
    void sync() throws IOException;
}
