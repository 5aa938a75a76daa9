package io.gatehouse.cli.reach;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** What is typed here, on its way to a terminal. */
final class Keyboard {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final byte END_OF_INPUT = 4; // Ctrl-D
    private static final int PIECE = 8 * 1024;

    /** Pieces that wait while the terminal takes no more; whoever reads goes on, for the escape among them. */
    private static final int WAITING = 1024;

    private final InputStream in;
    private final boolean isTerminal;

    /**
     * One that types what is read.
     *
     * @param isTerminal whether somebody sits there; from a file or a pipe the end is typed as well, and nothing is an escape
     */
    Keyboard(InputStream in, boolean isTerminal) {
        this.in = in;
        this.isTerminal = isTerminal;
    }

    /**
     * Passes it on, by threads of its own, until the session ends: then {@code to} throws.
     *
     * @param leave is run when {@link Escape} was typed, also while {@code to} waits; by another thread
     */
    void type(OutputStream to, Runnable leave) {
        if (isTerminal) {
            BlockingQueue<byte[]> pieces = new ArrayBlockingQueue<>(WAITING);
            start(() -> read(pieces, leave), "keys");
            start(() -> write(pieces, to), "typing");
        } else {
            start(() -> pass(to), "keys");
        }
    }

    private static void start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void read(BlockingQueue<byte[]> pieces, Runnable leave) {
        Escape escape = new Escape();
        byte[] piece = new byte[PIECE];
        try {
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                byte[] rest = escape.without(piece, read);
                if (escape.isTyped()) {
                    leave.run();
                    return;
                }
                pieces.put(rest);
            }
        } catch (IOException ignored) {
            // the session ends, and says so
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void write(BlockingQueue<byte[]> pieces, OutputStream to) {
        try {
            while (true) {
                to.write(pieces.take());
                to.flush();
            }
        } catch (IOException ignored) {
            // the session ends, and says so
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pass(OutputStream to) {
        byte[] piece = new byte[PIECE];
        try {
            byte last = '\n';
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                to.write(piece, 0, read);
                to.flush();
                last = read > 0 ? piece[read - 1] : last;
            }
            end(to, last == '\n');
        } catch (IOException ignored) {
            // the session ends, and says so
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Again and again until the session ends: a terminal that changes its mode just then loses what was typed ahead. */
    private static void end(OutputStream to, boolean lineIsEnded) throws IOException, InterruptedException {
        if (!lineIsEnded) {
            to.write('\n');
        }
        while (true) {
            to.write(END_OF_INPUT);
            to.flush();
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        }
    }
}
