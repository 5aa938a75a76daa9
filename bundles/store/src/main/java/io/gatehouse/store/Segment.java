package io.gatehouse.store;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of frames, written from its beginning to its end once. Its name has all that must be known to read it, so nothing in
 * it is worth more than anything else.
 */
final class Segment {
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{8})-([0-9a-f]{8})\\.1");

    private final long number;
    private final int salt;
    private final Path file;
    private volatile long end;
    /** Bytes of frames that are still wanted; guarded by the lock of {@link Depot}. */
    private long live;

    Segment(long number, int salt, Path file, long end) {
        this.number = number;
        this.salt = salt;
        this.file = file;
        this.end = end;
    }

    static Segment fresh(Path folder, long number, int salt) {
        HexFormat hex = HexFormat.of();
        return new Segment(
                number, salt, folder.resolve(hex.toHexDigits((int) number) + "-" + hex.toHexDigits(salt) + ".1"), 0);
    }

    /** The segment that a file is by its name. */
    static Optional<Segment> of(Path file, long size) {
        Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
        if (!name.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(name.group(1), 16);
        return Optional.of(new Segment(number, Integer.parseUnsignedInt(name.group(2), 16), file, size));
    }

    long number() {
        return number;
    }

    int salt() {
        return salt;
    }

    Path file() {
        return file;
    }

    /** How many bytes of it are on flash. */
    long end() {
        return end;
    }

    void end(long bytes) {
        end = bytes;
    }

    long live() {
        return live;
    }

    void live(long more) {
        live += more;
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
