package io.gatehouse.software;

import java.util.Map;
import java.util.Optional;

/**
 * What can only be replaced whole: framework, launcher, the image's own bundles with them, and possibly Java.
 *
 * @param version what whoever wants it calls it
 * @param sha256 of the archive that it was unpacked from; nothing for the image's own
 * @param desired what it was wanted by: the SHA-256 of the payload by topic
 */
public record RuntimeSlot(String version, Optional<String> sha256, Map<String, String> desired) {
    public RuntimeSlot {
        desired = Map.copyOf(desired);
    }
}
