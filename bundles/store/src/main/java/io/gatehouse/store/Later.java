package io.gatehouse.store;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs something later, on a thread that may write to flash. */
@FunctionalInterface
interface Later {
    private static @Nullable Void say(Throwable failure) {
        System.getLogger(Later.class.getName()).log(System.Logger.Level.ERROR, "a timed task failed", failure);
        return null;
    }

    void after(Duration delay, Runnable task);

    /** With the threads that every Java process has anyway. What a task throws is logged. */
    static Later ofJava() {
        return (delay, task) -> {
            var unused = CompletableFuture.runAsync(
                            task, CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS))
                    .exceptionally(Later::say);
        };
    }
}
