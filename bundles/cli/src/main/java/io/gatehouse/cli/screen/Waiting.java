package io.gatehouse.cli.screen;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What is awaited, said where that takes longer than a moment: on a terminal in a line that is gone when it is over, else as a remark
 * for each step. Thread-safe.
 */
public final class Waiting implements AutoCloseable {
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final Screen screen;
    private final String whom;
    private String shown = "";
    private String step = "";
    private String line;
    private boolean isLong;
    private boolean isOver;

    private Waiting(Screen screen, String whom) {
        this.screen = screen;
        this.whom = whom;
        this.line = "waiting for " + whom;
    }

    /** Begins; nothing is said for a second. */
    public static Waiting begin(Screen screen, String whom) {
        Waiting waiting = new Waiting(screen, whom);
        Thread thread = new Thread(waiting::sayAfterAMoment, "waiting");
        thread.setDaemon(true);
        thread.start();
        return waiting;
    }

    /** What is awaited now. */
    public synchronized void step(String what) {
        step = "waiting for " + whom + ": " + what;
        line = step;
        show();
    }

    /** How far that is; of several lines the last. */
    public synchronized void note(String note) {
        String last = Plain.lastLine(note);
        line = last.isEmpty() ? step : step + ": " + last;
        show();
    }

    /** It is over, and nothing more is said. */
    @Override
    public synchronized void close() {
        if (!isOver) {
            isOver = true;
            notifyAll();
            if (isLong) {
                screen.draw(List.of());
            }
        }
    }

    private synchronized void sayAfterAMoment() {
        long end = System.nanoTime() + MOMENT.toNanos();
        try {
            for (long left = MOMENT.toNanos(); left > 0 && !isOver; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        isLong = true;
        show();
    }

    private void show() {
        if (!isLong || isOver || line.equals(shown)) {
            return;
        }
        shown = line;
        if (screen.live()) {
            screen.draw(List.of(line));
        } else {
            screen.note(line);
        }
    }
}
