package io.gatehouse.outbox;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * How far an outbox counted when it ended.
 *
 * @param boot in which
 * @param lastSeq of an observation or event
 * @param losses that were not told
 */
record Counted(String boot, long lastSeq, Map<Rank, Long> losses) {
    private static final byte VERSION = 1;

    Counted {
        losses = Map.copyOf(losses);
    }

    /** The same, with nothing left to tell. */
    Counted told() {
        return new Counted(boot, lastSeq, Map.of());
    }

    byte[] write() {
        ByteBuffer out = ByteBuffer.allocate(1 + Long.BYTES * (2 + Rank.values().length));
        out.put(VERSION).putLong(HexFormat.fromHexDigitsToLong(boot)).putLong(lastSeq);
        for (Rank rank : Rank.values()) {
            out.putLong(losses.getOrDefault(rank, 0L));
        }
        return out.array();
    }

    /** Reads one, if it is of this version. */
    static Optional<Counted> read(byte[] bytes) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            if (in.get() != VERSION) {
                return Optional.empty();
            }
            String boot = HexFormat.of().toHexDigits(in.getLong());
            long lastSeq = in.getLong();
            Map<Rank, Long> losses = new EnumMap<>(Rank.class);
            for (Rank rank : Rank.values()) {
                long count = in.getLong();
                if (count > 0) {
                    losses.put(rank, count);
                }
            }
            return Optional.of(new Counted(boot, lastSeq, losses));
        } catch (BufferUnderflowException e) {
            return Optional.empty();
        }
    }
}
