package io.gatehouse.program;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;

/**
 * Follows a running program to its end. A read of a pipe cannot be interrupted, and does not return as long as anything that the
 * program left behind holds the pipe's other end. So nothing is read here but what is there already, which is looked for up to 50 times a second.
 */
final class Following {
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

    /** Of Linux, where nobody raised it; what is in a pipe when its program ends is never more. */
    private static final int LARGEST_PIPE = 1 << 20;

    private static final Program.Output NOBODY = (bytes, length) -> {};

    private final Process process;
    private final Kin kin;
    private final byte[] buffer = new byte[8 << 10];
    private Stage stage = Stage.RUNNING;
    private boolean isLate;
    private long until;

    private enum Stage {
        RUNNING,
        ASKED,
        KILLED
    }

    /** Follows until then, by {@link System#nanoTime}. */
    Following(Process process, Kin kin, long until) {
        this.process = process;
        this.kin = kin;
        this.until = until;
    }

    /**
     * Returns when it ended and all that it said was told.
     *
     * @return whether it ended before its time was over; otherwise, and where enough of its output had come, it was asked to end, and killed where
     *     it did not
     */
    boolean follow(Program.Output output, Program.Output errors) throws IOException, InterruptedException {
        InputStream said = process.getInputStream();
        InputStream saidAsErrors = process.getErrorStream();
        // At a program's end the JDK empties its pipes into memory, without end where something that it left
        // behind goes on writing. It needs these locks for that, and leaves alone what was closed by then.
        synchronized (said) {
            synchronized (saidAsErrors) {
                try (said;
                        saidAsErrors) {
                    return follow(said, output, saidAsErrors, errors);
                }
            }
        }
    }

    private boolean follow(InputStream said, Program.Output output, InputStream saidAsErrors, Program.Output errors)
            throws IOException, InterruptedException {
        long pause = SHORTEST_PAUSE;
        int turnsLeft = LARGEST_PIPE / buffer.length;
        while (true) {
            // In this order: what it said before its end is there when the end is seen.
            boolean hasEnded = process.waitFor(pause, TimeUnit.NANOSECONDS);
            boolean hasSaid = read(said, output.isEnough() ? NOBODY : output);
            hasSaid |= read(saidAsErrors, errors);
            if (hasEnded && (!hasSaid || turnsLeft-- == 0)) {
                return !isLate;
            }
            if (!hasSaid) {
                output.idle();
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("no longer wanted");
            }
            if (!hasEnded) {
                hurry(output.isEnough());
            }
            pause = hasSaid ? 0 : Math.min(LONGEST_PAUSE, Math.max(SHORTEST_PAUSE, pause * 2));
        }
    }

    private void hurry(boolean isEnough) throws IOException {
        if (isEnough && stage == Stage.RUNNING) {
            press();
        } else if (System.nanoTime() - until > 0) {
            isLate |= stage == Stage.RUNNING;
            press();
        }
    }

    /** Its time is over, or no more of it is wanted; and then the time of the next stage is over. */
    private void press() throws IOException {
        switch (stage) {
            case RUNNING -> {
                stage = Stage.ASKED;
                kin.ask();
            }
            case ASKED -> {
                stage = Stage.KILLED;
                kin.kill();
            }
            case KILLED -> throw new IOException("process " + process.pid() + " cannot be killed");
        }
        until = System.nanoTime() + Kin.GRACE.toNanos();
    }

    private boolean read(InputStream from, Program.Output to) throws IOException, InterruptedException {
        int there = Math.min(from.available(), buffer.length);
        int length = there == 0 ? 0 : from.read(buffer, 0, there);
        if (length <= 0) {
            return false;
        }
        to.came(buffer, length);
        return true;
    }
}
