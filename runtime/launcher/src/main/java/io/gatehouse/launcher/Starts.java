package io.gatehouse.launcher;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Starts of one document that are not yet known to have gone well.
 *
 * @param change number of the change that brought the document
 * @param count how many, the one under way included
 * @param cause why the last one failed, as far as the process lived to tell
 */
record Starts(long change, int count, String cause) {
    Starts oneMore() {
        return new Starts(change, count + 1, cause);
    }

    Starts oneLess() {
        return new Starts(change, Math.max(0, count - 1), cause);
    }

    Starts failedBy(String words) {
        return new Starts(change, count, words);
    }

    static Starts read(Map<String, ?> members) throws IOException {
        return new Starts(
                Codec.needed(members, "change", Number.class).longValue(),
                Codec.needed(members, "count", Number.class).intValue(),
                Codec.needed(members, "cause", String.class));
    }

    Map<String, Object> write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("change", change);
        members.put("count", count);
        members.put("cause", cause);
        return members;
    }
}
