package io.gatehouse.api.firmware;

import java.io.Serial;

/** An image is not taken, and no other attempt will change that. What runs is as it was. */
public final class FirmwareRefused extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String type;

    /**
     * Says why.
     *
     * @param type in lower-case words with hyphens: {@code bad-signature}, {@code wrong-compatible}, {@code bad-image}
     * @param detail with what the engine said
     */
    public FirmwareRefused(String type, String detail) {
        super(detail);
        this.type = type;
    }

    /** The problem's type, as it is reported. */
    public String type() {
        return type;
    }

    /** In words, with what the engine said. */
    public String detail() {
        return String.valueOf(getMessage());
    }
}
