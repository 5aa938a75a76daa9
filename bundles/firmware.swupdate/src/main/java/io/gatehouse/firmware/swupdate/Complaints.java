package io.gatehouse.firmware.swupdate;

import io.gatehouse.api.firmware.FirmwareRefused;
import io.gatehouse.program.Complaint;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What SWUpdate says of an image that it does not take. Its exit code is the same for all of it, and for what has nothing to do with the image. */
final class Complaints {
    private static final List<Complaint> ALL = List.of(
            complaint("wrong-compatible", "SW not compatible with hardware"),
            complaint(
                    "bad-signature", "(?i)authentication of all signatures|signature verification|signature cannot be"),
            // no part of it is for this board, or for what is selected; said after a bad signature too
            complaint("wrong-compatible", "Compatible SW not found"),
            // said at the end, whatever the reason was, so the first one of these is looked for
            complaint("bad-image", "HASH mismatch|Checksum WRONG|CPIO|Image invalid or corrupted"));

    private Complaints() {}

    private static Complaint complaint(String type, String words) {
        return new Complaint(type, Pattern.compile("^.*?(?:ERROR : )?((?:" + words + ").*)$", Pattern.MULTILINE));
    }

    /** In what it said; nothing where that is not about the image. */
    static Optional<FirmwareRefused> of(String said) {
        return Complaint.first(ALL, said).map(heard -> new FirmwareRefused(heard.type(), "swupdate: " + heard.words()));
    }
}
