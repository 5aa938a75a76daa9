package io.gatehouse.terminal.stream;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Receiver;
import io.gatehouse.protocol.stream.SealedStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What is between a device and an operator: carries frames by one thread, of which it may lose some and bring some twice. */
final class Radio implements Carrier, AutoCloseable {
    private record Frame(String topic, byte[] bytes) {}

    private final Map<String, Receiver> receivers = new ConcurrentHashMap<>();
    private final BlockingQueue<Frame> waiting = new LinkedBlockingQueue<>();
    private final List<byte[]> toDevice = new CopyOnWriteArrayList<>();
    private final AtomicLong longest = new AtomicLong();
    private final Random random = new Random(311);
    private final double loss;
    private final Thread thread = new Thread(this::carry, "radio");
    private volatile boolean isCut;
    private volatile @Nullable SealedStream operator;

    Radio(double loss) {
        this.loss = loss;
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public Runnable receive(String topic, Receiver receiver) {
        receivers.put(topic, receiver);
        return () -> receivers.remove(topic);
    }

    @Override
    public void send(String topic, byte[] frame) {
        waiting.add(new Frame(topic, frame));
    }

    /** From now on the device's frames are this operator's, who is told the time too. */
    void tuneIn(SealedStream stream) {
        operator = stream;
    }

    /** Nothing arrives any more. */
    void cut() {
        isCut = true;
    }

    /** The topics at which somebody listens on the device. */
    List<String> topics() {
        return List.copyOf(receivers.keySet());
    }

    /** What arrived at the device. */
    List<byte[]> toDevice() {
        return toDevice;
    }

    /** The longest that the device has kept the thread of what comes in. */
    Duration longest() {
        return Duration.ofNanos(longest.get());
    }

    private void carry() {
        try {
            while (true) {
                Frame frame = waiting.poll(50, TimeUnit.MILLISECONDS);
                SealedStream listener = operator;
                if (listener != null) {
                    listener.tick();
                }
                if (frame != null && !isCut && random.nextDouble() >= loss) {
                    bring(frame, listener);
                    if (random.nextDouble() < loss) {
                        bring(frame, listener);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void bring(Frame frame, @Nullable SealedStream listener) {
        Receiver receiver = receivers.get(frame.topic());
        if (frame.topic().endsWith("/out") && listener != null) {
            listener.receive(frame.bytes());
        } else if (receiver != null) {
            long begin = System.nanoTime();
            receiver.receive(Message.bytes(frame.topic(), frame.bytes()));
            longest.accumulateAndGet(System.nanoTime() - begin, Math::max);
            toDevice.add(frame.bytes());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
