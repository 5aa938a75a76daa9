package io.gatehouse.licensing;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs something later, on a thread that it may keep. */
@FunctionalInterface
interface Timer {
    /** What stops it from being run. */
    Runnable after(Duration delay, Runnable task);

    /** The one that every Java process has anyway: no thread more until a time is up. */
    static Timer ofJava() {
        return (delay, task) -> {
            CompletableFuture<Boolean> time = new CompletableFuture<>();
            time.completeOnTimeout(true, delay.toMillis(), TimeUnit.MILLISECONDS);
            var unused = time.thenAccept(passed -> {
                if (passed) {
                    start(task);
                }
            });
            return () -> time.complete(false);
        };
    }

    /** Neither the one thread that counts every time in the process is to wait for flash, nor those that all share. */
    private static void start(Runnable task) {
        Thread thread = new Thread(task, "gatehouse-licensing");
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError e) { // there is no thread more, and time would stand still for licenses
            System.getLogger(Timer.class.getName())
                    .log(System.Logger.Level.WARNING, "no thread for " + thread.getName(), e);
            task.run();
        }
    }
}
