package io.gatehouse.tasks.machine;

import io.gatehouse.api.store.Store;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * A restart that was begun, as it is kept on flash for whoever says in the next process how it ended; the last one only.
 *
 * @param id of the command
 * @param kernelBoot the kernel's boot id before
 * @param at when it began
 */
record Promise(String id, String kernelBoot, Instant at, String reason) {
    private static final Logger LOG = System.getLogger(Promise.class.getName());
    private static final String KEY = "reboot";

    /** What the kernel made up when it started, on Linux; otherwise always the same. */
    static String kernelBoot(Path bootId) {
        try {
            return Files.readString(bootId).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** Keeps it on flash, as far as flash can be written; a device whose flash is broken must be restarted nevertheless. */
    void keep(Store store) {
        try {
            String text = String.join("\n", id, kernelBoot, at.toString(), reason);
            store.put(KEY, text.getBytes(StandardCharsets.UTF_8));
            store.sync();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "cannot keep that a restart was begun; its command will count as interrupted", e);
        }
    }

    static void forget(Store store) {
        store.remove(KEY);
    }

    /** The last one that was kept. */
    static Optional<Promise> kept(Store store) throws IOException {
        return store.get(KEY).flatMap(bytes -> {
            String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", 4);
            try {
                return lines.length < 4
                        ? Optional.empty()
                        : Optional.of(new Promise(lines[0], lines[1], Instant.parse(lines[2]), lines[3]));
            } catch (DateTimeParseException e) {
                LOG.log(Level.WARNING, "what was kept of a restart cannot be read: " + lines[2], e);
                return Optional.empty();
            }
        });
    }
}
