package io.gatehouse.api.artifact;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** An artifact cannot be had. */
public final class ArtifactUnavailable extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String type;

    /**
     * Says why.
     *
     * @param type as in {@link io.gatehouse.api.command.Problem}: {@code wrong-digest} and {@code wrong-size} where each source brought something else,
     *     {@code unreachable} where one may have it and did not answer, {@code no-room}
     * @param message with the digest and where it was looked for
     */
    public ArtifactUnavailable(String type, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.type = type;
    }

    /** The problem's type. */
    public String type() {
        return type;
    }
}
