package io.gatehouse.tunnel.ssh;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/** Bytes in their order. They take no more memory than they have, but for a piece at each end. Not thread-safe. */
final class Backlog {
    static final int PIECE_BYTES = 16 * 1024;

    /** Each ready to be read, all but the last filled to its end. */
    private final Deque<ByteBuffer> pieces = new ArrayDeque<>();

    private long size;

    /** Takes all of these, by copying them. */
    void add(ByteBuffer bytes) {
        size += bytes.remaining();
        while (bytes.hasRemaining()) {
            ByteBuffer last = pieces.peekLast();
            if (last == null || last.limit() == last.capacity()) {
                last = ByteBuffer.allocate(PIECE_BYTES).limit(0);
                pieces.addLast(last);
            }
            int end = last.limit();
            int more = Math.min(bytes.remaining(), last.capacity() - end);
            last.limit(end + more);
            last.put(end, bytes, bytes.position(), more);
            bytes.position(bytes.position() + more);
        }
    }

    /** Writes until nothing is left, or the channel does not take all of a piece. */
    void writeTo(WritableByteChannel channel) throws IOException {
        for (ByteBuffer first = pieces.peekFirst(); first != null; first = pieces.peekFirst()) {
            size -= channel.write(first);
            if (first.hasRemaining()) {
                return;
            }
            pieces.removeFirst();
        }
    }

    void clear() {
        pieces.clear();
        size = 0;
    }

    long size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }
}
