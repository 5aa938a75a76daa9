package io.gatehouse.telemetry;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Asks the Java virtual machine; needs the module {@code jdk.management}. */
final class ThreadMeter implements Meter {
    private final ThreadMXBean threads;

    private ThreadMeter(ThreadMXBean threads) {
        this.threads = threads;
    }

    /** One that measures what this virtual machine can measure. */
    static Meter find() {
        return ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
                        && threads.isThreadCpuTimeSupported()
                        && threads.isThreadAllocatedMemorySupported()
                ? new ThreadMeter(threads)
                : Meter.NONE;
    }

    @Override
    public Usage of(long thread) {
        return new Usage(
                Math.max(0, threads.getThreadCpuTime(thread)), Math.max(0, threads.getThreadAllocatedBytes(thread)));
    }
}
