package io.gatehouse.program;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** Keeps the beginning of what it is given, and counts the rest. */
final class Kept {
    private final int most;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);
    private long beyond;

    Kept(int most) {
        this.most = most;
    }

    void add(byte[] more, int length) {
        int fits = Math.min(length, most - bytes.size());
        bytes.write(more, 0, fits);
        beyond += length - fits;
    }

    /** Keeps what another is told then. */
    Program.Output before(Program.Output next) {
        return new Program.Output() {
            @Override
            public void came(byte[] bytes, int length) throws IOException, InterruptedException {
                add(bytes, length);
                next.came(bytes, length);
            }

            @Override
            public void idle() throws IOException, InterruptedException {
                next.idle();
            }

            @Override
            public boolean isEnough() {
                return next.isEnough();
            }
        };
    }

    Part part() {
        return new Part(bytes.toByteArray(), beyond);
    }
}
