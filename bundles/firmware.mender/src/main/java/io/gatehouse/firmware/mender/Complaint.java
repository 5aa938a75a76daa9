package io.gatehouse.firmware.mender;

import io.gatehouse.api.firmware.FirmwareRefused;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Mender says, from 3.0 to 5.1, of an artifact that it does not take. Its exit code is the same for all of it, and for a full disk. */
enum Complaint {
    DEVICE("wrong-compatible", "not compatible with device|device type"),
    SIGNATURE("bad-signature", "signature|signed artifact"),
    IMAGE("bad-image", "checksum|unexpected EOF|failed to read artifact|failed to parse");

    private final String type;
    private final Pattern message;

    Complaint(String type, String words) {
        this.type = type;
        this.message = Pattern.compile(
                "^.*(?:level=error|severity=error|Could not fulfill request).*(?:" + words + ").*$",
                Pattern.MULTILINE | Pattern.CASE_INSENSITIVE);
    }

    /** In what it said; nothing where that is not about the artifact. */
    static Optional<FirmwareRefused> of(String said) {
        for (Complaint complaint : values()) {
            Matcher matcher = complaint.message.matcher(said);
            if (matcher.find()) {
                String line = matcher.group();
                String message = line.substring(Math.max(0, line.indexOf("msg=")));
                return Optional.of(new FirmwareRefused(complaint.type, "mender: " + message));
            }
        }
        return Optional.empty();
    }
}
