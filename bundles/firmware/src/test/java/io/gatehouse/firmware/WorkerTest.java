package io.gatehouse.firmware;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WorkerTest {
    @Test
    void whatIsAskedForAfterMemoryRanOutFindsAThread() throws InterruptedException {
        AtomicInteger turns = new AtomicInteger();
        CountDownLatch failed = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        Worker worker = new Worker(me -> {
            if (turns.incrementAndGet() == 1) {
                Thread.currentThread().setUncaughtExceptionHandler((thread, error) -> failed.countDown());
                throw new OutOfMemoryError("of a test");
            }
            done.countDown();
        });
        worker.begin();
        assertTrue(failed.await(20, TimeUnit.SECONDS));

        worker.begin();

        assertTrue(done.await(20, TimeUnit.SECONDS));
        worker.close();
    }

    @Test
    void whatIsAskedForWhileMemoryRunsOutFindsAThread() throws InterruptedException {
        AtomicInteger turns = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(1);
        Worker worker = new Worker(me -> {
            if (turns.incrementAndGet() == 1) {
                Thread.currentThread().setUncaughtExceptionHandler((thread, error) -> {});
                me.begin();
                throw new OutOfMemoryError("of a test");
            }
            done.countDown();
        });

        worker.begin();

        assertTrue(done.await(20, TimeUnit.SECONDS));
        worker.close();
    }
}
