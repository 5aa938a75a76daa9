package io.gatehouse.api.desired;

import java.time.Instant;
import java.util.Optional;

/**
 * One accepted envelope: what one topic wants.
 *
 * @param topic where it was published, for example {@code dwr/311-a1/desired/feature/modbus}
 * @param breadth the place of its scope among the device's scopes: 0 is the widest
 * @param name the topic's last level where the resource has names
 * @param spec the envelope's {@code spec}: a JSON value, maps and lists unmodifiable
 * @param digest SHA-256 of the payload, in hex
 * @param signature who signed it; nothing where that is not known
 */
public record Desired(
        String topic, int breadth, Optional<String> name, Object spec, String digest, Optional<Signature> signature) {
    /**
     * A signature that was believed when the envelope was accepted.
     *
     * @param kid of the key
     * @param at when it was made, by the signer's clock
     */
    public record Signature(String kid, Instant at) {}
}
