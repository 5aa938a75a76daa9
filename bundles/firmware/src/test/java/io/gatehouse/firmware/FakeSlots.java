package io.gatehouse.firmware;

import io.gatehouse.software.Complaint;
import io.gatehouse.software.Health;
import io.gatehouse.software.RuntimeSlots;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A runtime that is as well as the test says, and is asked for nothing else. */
final class FakeSlots {
    static final Health WELL = new Health(Map.of("path", Set.of(), "components", Set.of()), Set.of());
    static final Health UNWELL = new Health(
            Map.of("path", Set.of(), "components", Set.of(Complaint.of("io.example.app is not satisfied"))), Set.of());

    volatile Supplier<Health> health = () -> WELL;
    final AtomicInteger looks = new AtomicInteger();
    volatile CountDownLatch proven = new CountDownLatch(0);

    void are(Health now) {
        health = () -> now;
    }

    RuntimeSlots service() {
        return (RuntimeSlots) Proxy.newProxyInstance(
                RuntimeSlots.class.getClassLoader(),
                new Class<?>[] {RuntimeSlots.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "health":
                            looks.incrementAndGet();
                            return health.get();
                        case "awaitProven":
                            proven.await();
                            return null;
                        default:
                            throw new AssertionError("unexpected call of " + method);
                    }
                });
    }
}
