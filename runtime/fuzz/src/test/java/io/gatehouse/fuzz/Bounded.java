package io.gatehouse.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Feeds the target that the system property {@code target} names, and watches what each input costs it. In processor time: another
 * process on the machine makes no input slow.
 */
public final class Bounded {
    private static final long MOST_NANOS = Duration.ofSeconds(1).toNanos();
    /** Sixteen thousand times the largest input. */
    private static final long MOST_BYTES = 64L << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final MethodHandle TARGET = target(System.getProperty("target"));

    /** As large as a payload may be, where Jazzer's own inputs are small. */
    private static final int LARGE = 256 << 10;

    static {
        for (String unit :
                new String[] {"[", "{\"a\":", "\"", "1", "a/", ".", "-----BEGIN CERTIFICATE-----\n", "\0", "\u00ff"}) {
            byte[] large = unit.repeat(LARGE / unit.length()).getBytes(StandardCharsets.ISO_8859_1);
            try {
                fuzzerTestOneInput(large);
            } catch (Throwable e) { // whatever a decoder throws that is not its own
                throw new AssertionError(LARGE + " bytes of \"" + unit + "\"", e);
            }
        }
    }

    private Bounded() {}

    /** As Jazzer calls it. What costs too much is fed again: the first time classes were loaded by it, and changed to be watched. */
    public static void fuzzerTestOneInput(byte[] data) throws Throwable {
        if (!isCheap(data) && !isCheap(data)) {
            throw new AssertionError(data.length + " bytes took more than " + MOST_NANOS + " ns or " + MOST_BYTES
                    + " bytes of memory, twice");
        }
    }

    private static boolean isCheap(byte[] data) throws Throwable {
        long bytes = THREADS.getCurrentThreadAllocatedBytes();
        long nanos = THREADS.getCurrentThreadCpuTime();
        TARGET.invokeExact(data);
        return THREADS.getCurrentThreadAllocatedBytes() - bytes <= MOST_BYTES
                && THREADS.getCurrentThreadCpuTime() - nanos <= MOST_NANOS;
    }

    private static MethodHandle target(String name) {
        try {
            return MethodHandles.lookup()
                    .findStatic(
                            Class.forName(name), "fuzzerTestOneInput", MethodType.methodType(void.class, byte[].class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(name + " has no fuzzerTestOneInput(byte[])", e);
        }
    }
}
