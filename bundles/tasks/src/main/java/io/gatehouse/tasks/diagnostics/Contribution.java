package io.gatehouse.tasks.diagnostics;

import io.gatehouse.api.diagnostics.Diagnostic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a bundle contributes, written on a thread of its own, so that one that hangs costs that thread and its own file. */
final class Contribution {
    private final Thread thread;

    // guarded by this
    private final ByteArrayOutputStream written = new ByteArrayOutputStream(1024);
    private Optional<String> problem = Optional.empty();
    private boolean isCutOff;

    private Contribution(String name, Diagnostic diagnostic) {
        thread = new Thread(() -> write(diagnostic), "diagnostic-" + name);
        thread.setDaemon(true);
    }

    static Contribution begin(String name, Diagnostic diagnostic) {
        Contribution contribution = new Contribution(name, diagnostic);
        contribution.thread.start();
        return contribution;
    }

    /** Waits for it, and then takes no more. It is interrupted where it goes on. */
    void await(Duration time) throws InterruptedException {
        try {
            thread.join(time.toMillis());
        } finally {
            cutOff("cut off: it took longer than " + time.toSeconds() + " s");
        }
    }

    /** Whether it still goes on. */
    boolean hangs() {
        return thread.isAlive();
    }

    synchronized String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    /** What is wrong with it. */
    synchronized Optional<String> problem() {
        return problem;
    }

    private void write(Diagnostic diagnostic) {
        try {
            diagnostic.write(new Bounded());
        } catch (Exception | LinkageError | StackOverflowError e) { // somebody else's code
            complain(String.valueOf(e));
        } finally {
            end();
        }
    }

    private synchronized void complain(String why) {
        if (!isCutOff) {
            problem = Optional.of(why);
        }
    }

    private synchronized void end() {
        isCutOff = true;
    }

    private synchronized void cutOff(String why) {
        if (!isCutOff) {
            isCutOff = true;
            problem = Optional.of(why);
            thread.interrupt();
        }
    }

    private synchronized void add(byte[] bytes, int from, int length) throws IOException {
        int fits = isCutOff ? 0 : Math.min(length, Archive.LARGEST - written.size());
        written.write(bytes, from, fits);
        if (fits < length) {
            cutOff("cut off: it is more than " + Archive.LARGEST + " bytes");
            throw new IOException("no more is taken");
        }
    }

    /** What the contributor writes to. */
    private final class Bounded extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            add(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte @Nullable [] bytes, int from, int length) throws IOException {
            if (bytes == null) {
                throw new NullPointerException("bytes");
            }
            add(bytes, from, length);
        }
    }
}
