package io.gatehouse.cli.reach;

import io.gatehouse.cli.fleet.Trouble;
import org.jspecify.annotations.Nullable;

/** A session whose connection is gone for good. */
final class Lost {
    private Lost() {}

    /** Says so, and what to do. */
    static Trouble because(String reason, @Nullable Throwable cause) {
        return new Trouble(
                Trouble.Kind.NO_ANSWER,
                "the connection to the device was lost: " + reason
                        + "; what ran in the session ends with it. When the device is there (gatehouse devices), the same command"
                        + " opens a new one",
                cause);
    }
}
