package io.gatehouse.protocol.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads that wait, and what takes frames calling back, failing or taking its time. */
final class SealedStreamThreadsTest {
    private static final Duration SILENCE = Duration.ofMinutes(2);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicReference<Consumer<byte[]>> toDevice = new AtomicReference<>(frame -> {});
    private final AtomicReference<Consumer<byte[]>> toOperator = new AtomicReference<>(frame -> {});
    private final SealedStream operator =
            new SealedStream(Network.sealing(Side.OPERATOR), SILENCE, System::nanoTime, frame -> toDevice.get()
                    .accept(frame));
    private final SealedStream device =
            new SealedStream(Network.sealing(Side.DEVICE), SILENCE, System::nanoTime, frame -> toOperator
                    .get()
                    .accept(frame));

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** Each frame is taken by the other side before {@code accept} returns, and answered within. */
    @Test
    void carriesBothWaysWhereEachFrameIsAnsweredWithinTheCall() throws Exception {
        toDevice.set(device::receive);
        toOperator.set(operator::receive);
        operator.connected();
        byte[] up = random(1 << 20);
        byte[] down = random(1 << 20);
        Future<byte[]> readUp = threads.submit(() -> readAll(device));
        Future<byte[]> readDown = threads.submit(() -> readAll(operator));
        Future<Boolean> writeUp = threads.submit(() -> writeAll(operator, up));
        Future<Boolean> writeDown = threads.submit(() -> writeAll(device, down));
        assertTrue(writeUp.get() && writeDown.get());
        assertArrayEquals(up, readUp.get());
        assertArrayEquals(down, readDown.get());
        assertTrue(operator.awaitDelivered(Duration.ofMinutes(1)) && device.awaitDelivered(Duration.ofMinutes(1)));
        assertEquals(0, operator.traffic().dropped() + device.traffic().dropped());
    }

    @Test
    void whoWaitsForRoomIsToldThatTheStreamIsGone() throws Exception {
        Future<Boolean> writing = threads.submit(() -> device.write(new byte[1 << 20], 0, 1 << 20));
        Future<Arrival> taking = threads.submit(device::take);
        Future<Boolean> awaiting = threads.submit(() -> device.awaitDelivered(Duration.ofHours(1)));
        while (device.offer(new byte[1], 0, 1) > 0) {
            assertFalse(writing.isDone());
        }
        device.abandon("the device stops");
        assertFalse(writing.get());
        assertEquals(new Arrival.Lost("the device stops"), taking.get());
        assertFalse(awaiting.get());
    }

    @Test
    void whoWaitsForRoomIsToldThatTheStreamWasEndedHere() throws Exception {
        Future<Boolean> writing = threads.submit(() -> device.write(new byte[1 << 20], 0, 1 << 20));
        device.end(0, "closed");
        assertFalse(writing.get());
    }

    @Test
    void waitingIsInterrupted() throws Exception {
        Future<Arrival> taking = threads.submit(() -> {
            Thread.currentThread().interrupt();
            return device.take();
        });
        ExecutionException ended = assertThrows(ExecutionException.class, taking::get);
        assertEquals(InterruptedException.class, ended.getCause().getClass());
    }

    @Test
    void slowTakerOfFramesHoldsUpNobodyElse() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        SynchronousQueue<byte[]> slow = new SynchronousQueue<>();
        toOperator.set(frame -> {
            entered.countDown();
            try {
                slow.put(frame);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Future<?> connecting = threads.submit(device::connected);
        entered.await();
        assertEquals(1, device.offer(new byte[1], 0, 1));
        device.resize(80, 24);
        device.tick();
        device.receive(new byte[0]);
        assertTrue(device.poll().isEmpty());
        assertFalse(connecting.isDone());
        slow.take();
        connecting.get();
    }

    @Test
    void whatFailsToTakeAFrameLosesThatOneAlone() throws Exception {
        toOperator.set(frame -> {
            throw new IllegalStateException("not connected");
        });
        assertEquals(
                "not connected",
                assertThrows(IllegalStateException.class, device::connected).getMessage());
        Queue<byte[]> frames = new ArrayDeque<>();
        toDevice.set(device::receive);
        toOperator.set(frames::add);
        operator.connected();
        device.offer("$ ".getBytes(StandardCharsets.US_ASCII), 0, 2);
        while (!frames.isEmpty()) {
            operator.receive(frames.remove());
        }
        assertArrayEquals("$ ".getBytes(StandardCharsets.US_ASCII), ((Arrival.Data) operator.take()).bytes());
    }

    private static boolean writeAll(SealedStream stream, byte[] bytes) throws InterruptedException {
        Random random = new Random(3);
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(9_000));
            if (!stream.write(bytes, at, length)) {
                return false;
            }
            at += length;
        }
        stream.end(0, "");
        return true;
    }

    private static byte[] readAll(SealedStream stream) throws InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (stream.take() instanceof Arrival.Data data) {
            bytes.writeBytes(data.bytes());
        }
        return bytes.toByteArray();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
