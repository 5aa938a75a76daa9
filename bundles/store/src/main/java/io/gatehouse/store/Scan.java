package io.gatehouse.store;

import java.util.Optional;

/** Walks through the frames of a segment, over what is damaged. */
final class Scan {
    private final byte[] bytes;
    private final int salt;
    private int offset;
    private int next;
    private int unreadable;

    Scan(byte[] bytes, int salt) {
        this.bytes = bytes;
        this.salt = salt;
    }

    /** The next whole frame, if there is one. */
    Optional<Frame> next() {
        while (next < bytes.length) {
            Optional<Frame> frame = Frame.at(bytes, next, salt);
            if (frame.isPresent()) {
                offset = next;
                next += frame.get().length();
                return frame;
            }
            next++;
            unreadable++;
        }
        return Optional.empty();
    }

    /** Where the last frame begins. */
    int offset() {
        return offset;
    }

    /** How many bytes so far belong to no frame. */
    int unreadable() {
        return unreadable;
    }
}
