package io.gatehouse.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command end what it began when the process is told to end, by Ctrl-C or otherwise: its thread is interrupted, and the process
 * waits a while for it to be through.
 */
final class OrderlyEnd implements AutoCloseable {
    /** How a process ends that Ctrl-C ended. */
    static final int EXIT_CODE = 130;

    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Thread worker = Thread.currentThread();
    private final CountDownLatch through = new CountDownLatch(1);
    private final Thread hook = new Thread(this::end, "end");

    private OrderlyEnd() {}

    /** For what the calling thread does until this is closed. */
    static OrderlyEnd ofThisThread() {
        OrderlyEnd end = new OrderlyEnd();
        Runtime.getRuntime().addShutdownHook(end.hook);
        return end;
    }

    private void end() {
        worker.interrupt();
        try {
            boolean inTime = through.await(LONGEST.toSeconds(), TimeUnit.SECONDS);
            if (!inTime) {
                System.err.println(
                        "gatehouse: not everything could be closed; the device does so when its time is over");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        through.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ignored) {
            // the process ends already
        }
    }
}
