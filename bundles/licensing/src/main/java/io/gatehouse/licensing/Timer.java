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
                if (passed) { // neither the thread that counts every time in the process waits for flash, nor those
                    // that all share
                    Thread thread = new Thread(task, "gatehouse-licensing");
                    thread.setDaemon(true);
                    thread.start();
                }
            });
            return () -> time.complete(false);
        };
    }
}
