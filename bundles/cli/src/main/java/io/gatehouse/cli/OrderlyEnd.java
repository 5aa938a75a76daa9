package io.gatehouse.cli;

import io.gatehouse.cli.fleet.Trouble;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command end what it began when the process is told to end, by Ctrl-C or otherwise: its thread is interrupted, and the process
 * waits a while for it to be through.
 */
final class OrderlyEnd {
    /** How a process ends that Ctrl-C ended. */
    private static final int EXIT_CODE = 130;

    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Thread worker = Thread.currentThread();
    private final CountDownLatch through = new CountDownLatch(1);
    private final Thread hook = new Thread(this::end, "end");

    private OrderlyEnd() {}

    /** What is to be ended in order. */
    @FunctionalInterface
    interface Work {
        int run() throws Trouble, InterruptedException;
    }

    /** Does the work on the calling thread; its exit code, or that of Ctrl-C. */
    static int after(Work work) throws Trouble {
        OrderlyEnd end = new OrderlyEnd();
        Runtime.getRuntime().addShutdownHook(end.hook);
        try {
            return work.run();
        } catch (InterruptedException e) {
            return EXIT_CODE;
        } finally {
            end.through();
        }
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

    private void through() {
        through.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ignored) {
            // the process ends already
        }
    }
}
