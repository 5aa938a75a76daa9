package io.gatehouse.tunnel.ssh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private final Backlog backlog = new Backlog();
    private final Sink sink = new Sink();

    @Test
    void keepsBytesInTheirOrderHoweverTheyComeAndGo() throws Exception {
        byte[] bytes = Site.bytes(1_000_000);
        Random random = new Random(1);
        for (int added = 0; added < bytes.length; ) {
            int more = Math.min(bytes.length - added, random.nextInt(50_000));
            backlog.add(ByteBuffer.wrap(bytes, added, more));
            added += more;
            sink.room = random.nextInt(50_000);
            backlog.writeTo(sink);
            assertEquals(added, backlog.size() + sink.taken.size());
        }
        sink.room = bytes.length;

        backlog.writeTo(sink);

        assertTrue(backlog.isEmpty());
        assertArrayEquals(bytes, sink.taken.toByteArray());
    }

    @Test
    void hasNothingLeftWhenItWasCleared() throws Exception {
        backlog.add(ByteBuffer.wrap(new byte[3 * Backlog.PIECE_BYTES]));

        backlog.clear();

        sink.room = 1;
        backlog.writeTo(sink);
        assertTrue(backlog.isEmpty());
        assertEquals(0, sink.taken.size());
    }

    /** Takes no more than it has room for. */
    private static final class Sink implements WritableByteChannel {
        final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        int room;

        @Override
        public int write(ByteBuffer bytes) {
            int more = Math.min(room, bytes.remaining());
            for (int i = 0; i < more; i++) {
                taken.write(bytes.get());
            }
            room -= more;
            return more;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
