package io.gatehouse.identity;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs something later, on a thread that may be held up for a moment. */
@FunctionalInterface
interface Timer {
    private static @Nullable Void say(Throwable failure) {
        System.getLogger(Timer.class.getName()).log(System.Logger.Level.ERROR, "a timed task failed", failure);
        return null;
    }

    /** What stops it from being run. */
    Runnable after(Duration delay, Runnable task);

    /** The one that every Java process has anyway: no thread more until a time is up. */
    static Timer ofJava() {
        return (delay, task) -> {
            CompletableFuture<Boolean> time = new CompletableFuture<>();
            time.completeOnTimeout(true, delay.toMillis(), TimeUnit.MILLISECONDS);
            var unused = time.thenAccept(passed -> {
                if (passed) { // the task may write to flash, and one thread counts every time in the process
                    var ignored = CompletableFuture.runAsync(task).exceptionally(Timer::say);
                }
            });
            return () -> time.complete(false);
        };
    }
}
