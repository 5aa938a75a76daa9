package io.gatehouse.software;

import java.io.Serial;

/** A runtime is not taken, and nothing was touched. */
public final class SlotRefused extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String type;

    /**
     * Says why.
     *
     * @param type in lower-case words with hyphens: {@code bad-archive}, {@code no-room}, {@code unsupported}
     * @param detail with what stands in the way, and what helps
     */
    public SlotRefused(String type, String detail) {
        super(detail);
        this.type = type;
    }

    public String type() {
        return type;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }
}
