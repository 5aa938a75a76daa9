package io.gatehouse.tasks.network;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.tasks.time.Seconds;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What went over a link.
 *
 * @param nanos for how long
 * @param retransmits segments that the sender had to send again, where it says so
 */
record Transfer(long bytes, long nanos, OptionalLong retransmits) {
    Outcome done(String member, String other, String direction) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put(member, other);
        told.put("direction", direction);
        told.put("seconds", Seconds.of(nanos));
        told.put("bytes", bytes);
        told.put("bitsPerSecond", nanos == 0 ? 0 : Math.round(bytes * 8 * 1e9 / nanos));
        retransmits.ifPresent(count -> told.put("retransmits", count));
        return Outcome.done(told);
    }
}
