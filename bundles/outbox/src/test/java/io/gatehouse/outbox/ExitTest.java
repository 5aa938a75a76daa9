package io.gatehouse.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatehouse.api.message.Outgoing;
import io.gatehouse.api.message.Outgoing.Parcel;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A transport that keeps what it took is stopped, and the one after it finds everything. */
class ExitTest extends WithOutbox {
    private static void put(DeviceOutbox outbox, int n) {
        outbox.observation("a/b", NOW, Map.of("n", n), false);
    }

    private static long take(Outgoing exit) throws InterruptedException {
        return n(exit.take().message());
    }

    @Test
    void whatOneBundleKeptIsThereForTheNextInItsOldOrder() throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        for (int n = 1; n <= 4; n++) {
            put(outbox, n);
        }
        Exit mute = new Exit(outbox);
        mute.take();
        mute.take().acknowledged();
        mute.take();
        mute.close();
        Exit next = new Exit(outbox);
        assertEquals(1, take(next));
        assertEquals(3, take(next));
        assertEquals(4, take(next));
    }

    @Test
    void whatIsSaidAfterTheBundleWentIsNotHeard() throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        put(outbox, 1);
        Exit mute = new Exit(outbox);
        Parcel kept = mute.take();
        mute.close();
        kept.acknowledged();
        assertEquals(1, take(new Exit(outbox)));
        assertThrows(IllegalStateException.class, mute::take);
    }

    @Test
    void oneThatStillWaitsWhenItsBundleWentGetsNothing() throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        CountDownLatch takes = new CountDownLatch(1);
        Exit mute = new Exit(() -> {
            takes.countDown();
            return outbox.take();
        });
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread waits = new Thread(() -> {
            try {
                mute.take();
            } catch (InterruptedException | IllegalStateException e) {
                end.set(e);
            }
        });
        waits.start();
        takes.await();
        mute.close();
        put(outbox, 1);
        waits.join();
        assertEquals(1, take(new Exit(outbox)));
        assertInstanceOf(IllegalStateException.class, end.get());
    }
}
