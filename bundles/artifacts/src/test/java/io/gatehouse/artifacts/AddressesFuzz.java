package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.ArtifactUnavailable;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Where a server redirects to: followed, or refused by {@link ArtifactUnavailable}. */
public final class AddressesFuzz {
    private static final Address HERE = Address.of(URI.create("https://user:secret@example.com/a/b?c=d"));

    private AddressesFuzz() {}

    /** Reads the text as a {@code Location}. */
    public static void fuzzerTestOneInput(byte[] data) {
        try {
            String ignored = HERE.redirected(new String(data, StandardCharsets.ISO_8859_1))
                    .toString();
        } catch (ArtifactUnavailable e) {
            String ignored = e.getMessage();
        }
    }
}
