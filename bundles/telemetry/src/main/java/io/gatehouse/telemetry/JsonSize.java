package io.gatehouse.telemetry;

import java.util.List;
import java.util.Map;

/** How long a reading is as JSON, without writing it. */
final class JsonSize {
    private static final int DEEPEST = 32;

    private final long limit;
    private long bytes;

    private JsonSize(long limit) {
        this.limit = limit;
    }

    /**
     * The length in bytes; counting ends shortly after the limit.
     *
     * @throws IllegalArgumentException if it is nested so deep that whoever writes it could overflow its stack
     */
    static long of(Map<String, ?> values, long limit) {
        JsonSize size = new JsonSize(limit);
        size.add(values, 1);
        return size.bytes;
    }

    private void add(Object value, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("reading is nested more than " + DEEPEST + " deep");
        }
        if (bytes > limit) {
            return;
        }
        if (value instanceof Map<?, ?> map) {
            bytes += 2 + (long) map.size() * 2;
            map.forEach((name, member) -> {
                add((String) name);
                add(member, depth + 1);
            });
        } else if (value instanceof List<?> list) {
            bytes += 2 + (long) list.size();
            list.forEach(element -> add(element, depth + 1));
        } else if (value instanceof String text) {
            add(text);
        } else {
            bytes += value.toString().length();
        }
    }

    private void add(String text) {
        bytes += 2;
        for (int at = 0; at < text.length() && bytes <= limit; at++) {
            char c = text.charAt(at);
            if (c < ' ') {
                bytes += 6;
            } else if (c == '"' || c == '\\') {
                bytes += 2;
            } else if (c < 0x80) {
                bytes += 1;
            } else if (c < 0x800 || Character.isSurrogate(c)) {
                bytes += 2;
            } else {
                bytes += 3;
            }
        }
    }
}
