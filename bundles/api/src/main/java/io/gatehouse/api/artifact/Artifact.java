package io.gatehouse.api.artifact;

import java.net.URI;
import java.util.Optional;

/**
 * Bytes that somebody has.
 *
 * @param sha256 what they must hash to
 * @param size how many there are
 * @param url where else than over MQTT they can be fetched; http or https
 */
public record Artifact(Sha256 sha256, long size, Optional<URI> url) {
    public Artifact {
        if (size < 0) {
            throw new IllegalArgumentException("size of " + sha256 + " is negative: " + size);
        }
    }
}
