package io.gatehouse.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.telemetry.Meter.Usage;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class AccountsTest {
    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger found = new AtomicInteger();

    @Test
    void loadsWhatMeasuresOnceAndNotWhileTheGatewayStarts() {
        Meter real = thread -> new Usage(1, 2);
        Accounts accounts = new Accounts(now::get, 100, () -> {
            found.incrementAndGet();
            return real;
        });
        assertSame(Meter.NONE, accounts.meter());
        assertEquals(0, found.get());
        now.set(100);
        assertSame(real, accounts.meter());
        assertSame(real, accounts.meter());
        assertEquals(1, found.get());
    }

    @Test
    void measuresNothingOnAJavaWithoutManagement() {
        Accounts accounts = new Accounts(now::get, 0, () -> {
            found.incrementAndGet();
            throw new NoClassDefFoundError("com/sun/management/ThreadMXBean");
        });
        assertSame(Meter.NONE, accounts.meter());
        assertSame(Meter.NONE, accounts.meter());
        assertEquals(1, found.get());
    }

    @Test
    void measuresThisThread() {
        Meter meter = ThreadMeter.find();
        long self = Thread.currentThread().getId();
        Usage before = meter.of(self);
        byte[] allocated = new byte[500_000];
        Usage used = meter.of(self).since(before);
        assertTrue(used.allocated() >= allocated.length, used.toString());
    }

    @Test
    void forgetsBundlesThatAreGone() {
        Accounts accounts = new Accounts(now::get, 0, () -> Meter.NONE);
        Account kept = accounts.of(1);
        Account gone = accounts.of(2);
        accounts.retain(Set.of(1L));
        assertSame(kept, accounts.of(1));
        assertNotSame(gone, accounts.of(2));
    }
}
