package io.gatehouse.tasks.network;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** By Java alone: ICMP where the process may, and otherwise TCP, where also a refusal is a reply. */
final class JavaEcho implements Echo {
    private static final long PAUSE_MILLIS = 200;

    private final LongSupplier nanoTime;

    JavaEcho(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public Result measure(InetAddress address, int count, Duration timeout, Progress progress)
            throws IOException, InterruptedException {
        List<Double> seconds = new ArrayList<>();
        for (int sent = 0; sent < count; sent++) {
            if (sent > 0) {
                Thread.sleep(PAUSE_MILLIS);
            }
            long begin = nanoTime.getAsLong();
            if (address.isReachable((int) timeout.toMillis())) {
                double took = (nanoTime.getAsLong() - begin) / 1e9;
                seconds.add(took);
                progress.replied(seconds.size(), took);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("ping of " + address.getHostAddress() + " is no longer wanted");
            }
        }
        return new Result(count, seconds);
    }
}
