package io.gatehouse.firmware;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Firmware;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A firmware, as the journal names it.
 *
 * @param digest of {@link Wanted}
 * @param sha256 of the image
 */
record Release(String digest, Sha256 sha256, String version, long sequence) {
    static Release of(Wanted wanted) {
        return new Release(
                wanted.digest(),
                wanted.firmware().image().sha256(),
                wanted.firmware().version(),
                wanted.firmware().sequence());
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
                members.integer("sequence", 0, Long.MAX_VALUE));
    }

    Map<String, Object> write() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("digest", digest);
        members.put("sha256", sha256.hex());
        members.put("version", version);
        members.put("sequence", sequence);
        return members;
    }
}
