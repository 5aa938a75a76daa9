package io.gatehouse.protocol.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads records from the stream's bytes. What it does not know, or cannot be, it passes over. */
final class Read {
    /** Longer than any end that {@link Written} makes, and much shorter than a window. */
    private static final int LONGEST_END = 1 << 10;

    private final Ring ring;
    private int data;
    private int ignored;
    private Optional<Arrival> end = Optional.empty();

    Read(Ring ring) {
        this.ring = ring;
    }

    /** What is next, as far as it came; after an end, that end. */
    Optional<Arrival> next() {
        while (end.isEmpty()) {
            if (data > 0) {
                return some();
            }
            ring.dropTo(ring.start() + passOver());
            if (ring.size() < Written.HEAD_BYTES) {
                return Optional.empty();
            }
            ByteBuffer head = ByteBuffer.wrap(ring.copy(ring.start(), Written.HEAD_BYTES));
            int type = head.get();
            int length = Short.toUnsignedInt(head.getShort());
            if (isWhole(type, length)) {
                if (ring.size() < Written.HEAD_BYTES + length) {
                    return Optional.empty();
                }
                ring.dropTo(ring.start() + Written.HEAD_BYTES);
                Optional<Arrival> arrival = whole(type, ByteBuffer.wrap(take(length)));
                if (arrival.isPresent()) {
                    return arrival;
                }
            } else {
                ring.dropTo(ring.start() + Written.HEAD_BYTES);
                data = type == Written.DATA ? length : 0;
                ignored = type == Written.DATA ? 0 : length;
            }
        }
        return end;
    }

    boolean isEnded() {
        return end.isPresent();
    }

    private Optional<Arrival> some() {
        int there = Math.min(data, ring.size());
        data -= there;
        return there == 0 ? Optional.empty() : Optional.of(new Arrival.Data(take(there)));
    }

    private int passOver() {
        int there = Math.min(ignored, ring.size());
        ignored -= there;
        return there;
    }

    private static boolean isWhole(int type, int length) {
        return switch (type) {
            case Written.RESIZE -> length == 2 * Short.BYTES;
            case Written.END -> length >= Integer.BYTES && length <= LONGEST_END;
            default -> false;
        };
    }

    private Optional<Arrival> whole(int type, ByteBuffer content) {
        if (type == Written.END) {
            int code = content.getInt();
            end = Optional.of(new Arrival.Ended(
                    code, StandardCharsets.UTF_8.decode(content).toString()));
            return end;
        }
        int columns = Short.toUnsignedInt(content.getShort());
        int rows = Short.toUnsignedInt(content.getShort());
        return Arrival.Resized.isSize(columns, rows)
                ? Optional.of(new Arrival.Resized(columns, rows))
                : Optional.empty();
    }

    private byte[] take(int length) {
        byte[] taken = ring.copy(ring.start(), length);
        ring.dropTo(ring.start() + length);
        return taken;
    }
}
