package io.gatehouse.dispatch;

import io.gatehouse.api.store.NoRoom;
import io.gatehouse.api.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A whole number that outlives the process, in decimal digits. */
record KeptNumber(Store store, String key) {
    private static final System.Logger LOG = System.getLogger(KeptNumber.class.getName());

    /** The number; 0 where there is none, or it cannot be read. */
    long read() {
        try {
            return store.get(key)
                    .map(digits -> Long.parseLong(new String(digits, StandardCharsets.US_ASCII)))
                    .orElse(0L);
        } catch (IOException | NumberFormatException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot read the store's \"" + key + "\", so it counts as 0", e);
            return 0;
        }
    }

    void put(long number) throws NoRoom {
        store.put(key, Long.toString(number).getBytes(StandardCharsets.US_ASCII));
    }
}
