package io.gatehouse.firmware.rauc;

/** What a message on a bus is for: an object of a program, and one of its interfaces. */
record BusName(String program, String path, String type) {
    /** The bus itself. */
    static final BusName BUS = new BusName("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus");

    /** Another of the same object's interfaces. */
    BusName with(String other) {
        return new BusName(program, path, other);
    }
}
