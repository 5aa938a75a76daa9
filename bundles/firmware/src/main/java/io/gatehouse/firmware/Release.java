package io.gatehouse.firmware;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Firmware;
import io.gatehouse.protocol.Window;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A firmware, as the journal names it.
 *
 * @param digest of {@link Wanted}
 * @param sha256 of the image
 * @param window when it may be started; always, where there is none
 */
record Release(String digest, Sha256 sha256, String version, long sequence, Optional<Window> window) {
    static Release of(Wanted wanted) {
        return new Release(
                wanted.digest(),
                wanted.firmware().image().sha256(),
                wanted.firmware().version(),
                wanted.firmware().sequence(),
                wanted.firmware().window());
    }

    /** Whether that is the same firmware, whoever wants it. */
    boolean isAs(Firmware firmware) {
        return version.equals(firmware.version()) && sequence == firmware.sequence();
    }

    /** For people. */
    String words() {
        return version + " (" + sequence + ")";
    }

    static Release read(Members members) {
        return new Release(
                members.string("digest"),
                new Sha256(members.string("sha256")),
                members.string("version"),
                members.integer("sequence", 0, Long.MAX_VALUE),
                members.optionalObject("window").map(Release::window));
    }

    Map<String, Object> write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("digest", digest);
        members.put("sha256", sha256.hex());
        members.put("version", version);
        members.put("sequence", sequence);
        window.ifPresent(open -> members.put(
                "window",
                Map.of(
                        "from", open.from().toString(),
                        "to", open.to().toString(),
                        "zone", open.zone().getId())));
        return members;
    }

    private static Window window(Members members) {
        try {
            return new Window(
                    LocalTime.parse(members.string("from")),
                    LocalTime.parse(members.string("to")),
                    ZoneId.of(members.string("zone")));
        } catch (DateTimeException e) {
            throw (BadArgument) new BadArgument("no window: " + members.values()).initCause(e);
        }
    }
}
