package io.gatehouse.acceptance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * All writes to a disk, one after the other, as QEMU's {@code blklogwrites} keeps them: the format of Linux' dm-log-writes, in sectors of 512 bytes, all
 * numbers little-endian.
 */
final class WriteLog {
    private static final long MAGIC = 0x6a736677736872L;
    private static final int SECTOR = 512;
    private static final int ENTRY = 32;
    private static final long DISCARD = 4;
    private static final byte[] ZEROS = new byte[1 << 16];

    private final Path file;
    private final List<Write> writes;

    /**
     * One of them.
     *
     * @param sector where it begins on the disk
     * @param data where its bytes are in the log; 0 where they are to be nothing
     */
    record Write(long sector, long sectors, long data) {
        boolean isWithin(long from, long to) {
            return sector >= from && sector + sectors <= to;
        }

        boolean touches(long from, long to) {
            return sector < to && sector + sectors > from;
        }
    }

    private WriteLog(Path file, List<Write> writes) {
        this.file = file;
        this.writes = writes;
    }

    /** Reads it. What was being written when QEMU was killed is left out, as on the disk. */
    static WriteLog read(Path file) throws IOException {
        List<Write> writes = new ArrayList<>();
        try (FileChannel log = FileChannel.open(file)) {
            ByteBuffer head = head(log, 0);
            if (head.getLong() != MAGIC || head.getLong() != 1) {
                throw new AssertionError(file + " is no log of writes");
            }
            for (long at = SECTOR; at + SECTOR <= log.size(); ) {
                ByteBuffer entry = head(log, at);
                long sector = entry.getLong();
                long sectors = entry.getLong();
                long flags = entry.getLong();
                at += SECTOR;
                if ((flags & DISCARD) != 0) {
                    writes.add(new Write(sector, sectors, 0));
                } else if (at + sectors * SECTOR <= log.size()) {
                    writes.add(new Write(sector, sectors, at));
                    at += sectors * SECTOR;
                } else {
                    break;
                }
            }
        }
        writes.removeIf(write -> write.sectors() == 0);
        return new WriteLog(file, writes);
    }

    private static ByteBuffer head(FileChannel log, long at) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(ENTRY).order(ByteOrder.LITTLE_ENDIAN);
        while (head.hasRemaining() && log.read(head, at + head.position()) >= 0) {
            // the rest of it
        }
        return head.flip();
    }

    List<Write> writes() {
        return writes;
    }

    /** Does these writes to a disk: from that one, to before the other one. */
    void replay(int from, int to, Path disk) throws IOException {
        try (FileChannel log = FileChannel.open(file);
                FileChannel out = FileChannel.open(disk, StandardOpenOption.WRITE)) {
            for (Write write : writes.subList(from, to)) {
                out.position(write.sector() * SECTOR);
                long size = write.sectors() * SECTOR;
                for (long done = 0; done < size; ) {
                    done += write.data() == 0
                            ? out.write(ByteBuffer.wrap(ZEROS, 0, (int) Math.min(ZEROS.length, size - done)))
                            : log.transferTo(write.data() + done, size - done, out);
                }
            }
        }
    }
}
