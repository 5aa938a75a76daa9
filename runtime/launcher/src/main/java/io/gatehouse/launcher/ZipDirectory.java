package io.gatehouse.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipException;

/**
 * A zip's central directory (PKWARE APPNOTE 4.3.12 and 4.3.16), for what the platform's own reader does not tell: whether an
 * entry is a file at all.
 */
final class ZipDirectory {
    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int HEADER = 0x02014b50;
    private static final int HEADER_BYTES = 46;
    private static final int LARGEST = 4 << 20;
    private static final int UNIX = 3;
    private static final int TYPE = 0xf000;
    private static final int FILE = 0x8000;
    private static final int FOLDER = 0x4000;

    private ZipDirectory() {}

    /**
     * One entry.
     *
     * @param name as it stands there
     * @param size in bytes when it is unpacked, as the entry claims
     * @param isSpecial whether it is a symbolic link, a device or the like
     */
    record Entry(String name, long size, boolean isSpecial) {}

    /** Reads all entries, in their order. */
    static List<Entry> read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer end = end(channel);
            int count = Short.toUnsignedInt(end.getShort(end.position() + 10));
            long bytes = Integer.toUnsignedLong(end.getInt(end.position() + 12));
            long at = Integer.toUnsignedLong(end.getInt(end.position() + 16));
            if (bytes > LARGEST || at + bytes > channel.size()) {
                throw new ZipException("its directory of " + bytes + " bytes at " + at + " is too large, or cut off");
            }
            ByteBuffer directory = read(channel, at, (int) bytes);
            List<Entry> entries = new ArrayList<>(count);
            for (int entry = 0; entry < count; entry++) {
                entries.add(entry(directory));
            }
            return entries;
        }
    }

    private static Entry entry(ByteBuffer directory) throws ZipException {
        int at = directory.position();
        if (directory.remaining() < HEADER_BYTES || directory.getInt(at) != HEADER) {
            throw new ZipException("its directory ends early");
        }
        int system = directory.get(at + 5);
        long size = Integer.toUnsignedLong(directory.getInt(at + 24));
        int nameBytes = Short.toUnsignedInt(directory.getShort(at + 28));
        int more = Short.toUnsignedInt(directory.getShort(at + 30)) + Short.toUnsignedInt(directory.getShort(at + 32));
        int type = directory.getInt(at + 38) >>> 16 & TYPE;
        if (directory.remaining() < HEADER_BYTES + nameBytes + more) {
            throw new ZipException("its directory ends early");
        }
        byte[] name = new byte[nameBytes];
        directory.position(at + HEADER_BYTES).get(name).position(at + HEADER_BYTES + nameBytes + more);
        boolean isSpecial = system == UNIX && type != 0 && type != FILE && type != FOLDER;
        return new Entry(new String(name, StandardCharsets.UTF_8), size, isSpecial);
    }

    /** The record at the end, which a comment of any length may follow. */
    private static ByteBuffer end(FileChannel channel) throws IOException {
        int bytes = (int) Math.min(channel.size(), END_BYTES + LONGEST_COMMENT);
        ByteBuffer tail = read(channel, channel.size() - bytes, bytes);
        for (int at = bytes - END_BYTES; at >= 0; at--) {
            if (tail.getInt(at) == END && Short.toUnsignedInt(tail.getShort(at + 20)) == bytes - at - END_BYTES) {
                return tail.position(at);
            }
        }
        throw new ZipException("it has no directory at its end, so it is no zip, or cut off");
    }

    private static ByteBuffer read(FileChannel channel, long at, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                throw new ZipException("it ends early");
            }
        }
        return buffer.flip();
    }
}
