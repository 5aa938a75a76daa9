package io.gatehouse.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/** Many {@linkplain LightDevice devices} on one thread. */
final class Herd implements AutoCloseable {
    private static final long TICK = Duration.ofMillis(20).toNanos();
    /** So that what a slow link has not let through waits at the broker, and not in the kernel. */
    private static final int RECEIVES = 16_384;

    private final Selector selector;
    private final List<LightDevice> devices = new ArrayList<>();
    private final long bytesPerTick;
    private final Thread thread = new Thread(this::run, "herd");
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile boolean closed;
    private volatile int subscribed;
    private volatile int through;

    /**
     * Connects all.
     *
     * @param rate bytes a second of each device's link
     * @param spread within which they begin, by lot
     */
    Herd(URI broker, String scope, int size, long rate, Duration spread) throws IOException {
        this.selector = Selector.open();
        this.bytesPerTick = rate * TICK / Duration.ofSeconds(1).toNanos();
        Random random = new Random(1);
        for (int number = 0; number < size; number++) {
            SocketChannel channel = SocketChannel.open();
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVES);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.connect(new InetSocketAddress(broker.getHost(), broker.getPort()));
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, 0);
            long delay = (long) (spread.toNanos() * random.nextDouble());
            LightDevice device = new LightDevice(scope, scope + "/" + number, key, delay);
            key.attach(device);
            devices.add(device);
        }
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            for (LightDevice device : devices) {
                device.connected();
            }
            long ticked = System.nanoTime();
            while (!closed) {
                selector.select(20);
                long now = System.nanoTime();
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isReadable()) {
                        ((LightDevice) key.attachment()).readable(now);
                    }
                }
                selector.selectedKeys().clear();
                if (now - ticked >= TICK) {
                    long ticks = (now - ticked) / TICK;
                    ticked += ticks * TICK;
                    tick(now, ticks * bytesPerTick);
                }
            }
        } catch (IOException | RuntimeException e) {
            end.completeExceptionally(e);
        }
    }

    private void tick(long now, long bytes) throws IOException {
        for (LightDevice device : devices) {
            device.tick(now, bytes);
        }
        subscribed = count(LightDevice::isSubscribed);
        through = count(LightDevice::isThrough);
    }

    private int count(Predicate<LightDevice> which) {
        return (int) devices.stream().filter(which).count();
    }

    /** Waits until all are there. */
    void awaitSubscribed(Duration patience) throws InterruptedException {
        await(patience, "subscribed", () -> subscribed);
    }

    /** Waits until all have it. */
    void awaitThrough(Duration patience) throws InterruptedException {
        await(patience, "through", () -> through);
    }

    private void await(Duration patience, String what, IntSupplier count) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (count.getAsInt() < devices.size()) {
            if (end.isCompletedExceptionally()) {
                end.join();
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(count.getAsInt() + " of " + devices.size() + " were " + what + " after "
                        + patience.toSeconds() + " s");
            }
            Thread.sleep(10);
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
