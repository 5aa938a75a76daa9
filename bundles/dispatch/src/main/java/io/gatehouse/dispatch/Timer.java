package io.gatehouse.dispatch;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs something later, on a thread that must not be held up. */
@FunctionalInterface
interface Timer {
    /** What stops it from being run. */
    Runnable after(Duration delay, Runnable task);

    /** The one that every Java process has anyway: no thread more. */
    static Timer ofJava() {
        return (delay, task) -> {
            CompletableFuture<Boolean> time = new CompletableFuture<>();
            time.completeOnTimeout(true, delay.toMillis(), TimeUnit.MILLISECONDS);
            var unused = time.thenAccept(passed -> {
                if (passed) {
                    task.run();
                }
            });
            return () -> time.complete(false);
        };
    }
}
