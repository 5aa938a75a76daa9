package io.gatehouse.firmware.mender;

import io.gatehouse.api.firmware.FirmwareRefused;
import io.gatehouse.program.Complaint;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What Mender says, from 3.0 to 5.1, of an artifact that it does not take. Its exit code is the same for all of it, and for a full disk. */
final class Complaints {
    private static final List<Complaint> ALL = List.of(
            complaint("wrong-compatible", "not compatible with device|device type"),
            complaint("bad-signature", "signature|signed artifact"),
            complaint("bad-image", "checksum|unexpected EOF|failed to read artifact|failed to parse"));

    private Complaints() {}

    /** Of lines with that; passed on is what comes from {@code msg=} on, or all where the line has none. */
    private static Complaint complaint(String type, String words) {
        return new Complaint(
                type,
                Pattern.compile(
                        "^(?=.*(?:level=error|severity=error|Could not fulfill request).*(?:" + words
                                + "))(?:.*?(?=msg=))?(.*)$",
                        Pattern.MULTILINE | Pattern.CASE_INSENSITIVE));
    }

    /** In what it said; nothing where that is not about the artifact. */
    static Optional<FirmwareRefused> of(String said) {
        return Complaint.first(ALL, said).map(heard -> new FirmwareRefused(heard.type(), "mender: " + heard.words()));
    }
}
