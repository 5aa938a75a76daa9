package io.gatehouse.outbox;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs something later, on a thread that may write to flash. */
@FunctionalInterface
interface Later {
    void after(Duration delay, Runnable task);

    /** With the threads that every Java process has anyway. */
    static Later ofJava() {
        return (delay, task) -> {
            var unused = CompletableFuture.runAsync(
                    task, CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS));
        };
    }
}
