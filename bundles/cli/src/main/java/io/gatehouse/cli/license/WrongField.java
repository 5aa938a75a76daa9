package io.gatehouse.cli.license;

import java.io.Serial;

/** A part of what somebody wants of a license will not do. */
public final class WrongField extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String why;

    /** All of it will not do, and no part alone. */
    WrongField(String why) {
        super(why);
        this.field = "";
        this.why = why;
    }

    WrongField(String field, String why) {
        super(field + " " + why);
        this.field = field;
        this.why = why;
    }

    /** Its name, as {@link Fields} has it; empty where it is no part alone. */
    public String field() {
        return field;
    }

    /** What it must be, and its value. */
    public String why() {
        return why;
    }
}
