package io.gatehouse.firmware.swupdate;

import io.gatehouse.api.firmware.FirmwareRefused;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What SWUpdate says of an image that it does not take. Its exit code is the same for all of it, and for what has nothing to do with the image. */
enum Complaint {
    HARDWARE("wrong-compatible", "SW not compatible with hardware"),
    SIGNATURE("bad-signature", "(?i)authentication of all signatures|signature verification|signature cannot be"),
    /** No part of it is for this board, or for what is selected; said after a bad signature too. */
    SELECTION("wrong-compatible", "Compatible SW not found"),
    /** Said at the end, whatever the reason was, so the first one of these is looked for. */
    IMAGE("bad-image", "HASH mismatch|Checksum WRONG|CPIO|Image invalid or corrupted");

    private final String type;
    private final Pattern line;

    Complaint(String type, String words) {
        this.type = type;
        this.line = Pattern.compile("^.*?(?:ERROR : )?((?:" + words + ").*)$", Pattern.MULTILINE);
    }

    /** In what it said; nothing where that is not about the image. */
    static Optional<FirmwareRefused> of(String said) {
        for (Complaint complaint : values()) {
            Matcher matcher = complaint.line.matcher(said);
            if (matcher.find()) {
                return Optional.of(new FirmwareRefused(
                        complaint.type, "swupdate: " + matcher.group(1).strip()));
            }
        }
        return Optional.empty();
    }
}
