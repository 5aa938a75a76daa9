package io.gatehouse.firmware.rauc;

import java.io.IOException;
import java.io.Serial;

/** What was asked over a bus was answered by an error. */
final class ErrorReply extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private static final String BUS = "org.freedesktop.DBus.Error.";

    private final String name;

    /** Says which. */
    ErrorReply(String name, String words) {
        super(words);
        this.name = name;
    }

    /** Whether the bus answered, and not who was asked. */
    boolean isOfBus() {
        return name.startsWith(BUS);
    }

    /** Whether it is that of the bus, such as {@code ServiceUnknown}. */
    boolean is(String error) {
        return name.equals(BUS + error);
    }
}
