package io.gatehouse.store;

/**
 * Where a frame lies, as one number so that a long line needs little memory: the segment's number, and the offset in it.
 */
final class Place {
    /** In memory only, until it is written. */
    static final long PENDING = -1;

    /** No place: it is not there. */
    static final long NONE = 0;

    private Place() {}

    static long of(long segment, long offset) {
        return segment << 32 | offset;
    }

    static long segment(long place) {
        return place >>> 32;
    }

    static long offset(long place) {
        return place & 0xffff_ffffL;
    }
}
