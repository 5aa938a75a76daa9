package io.gatehouse.firmware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.software.Complaint;
import io.gatehouse.software.Health;
import io.gatehouse.software.RuntimeSlots;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TrialTest {
    private final FakeSlots slots = new FakeSlots();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void mustStayWellForAsLongAsWasSet() throws InterruptedException {
        Trial trial = trial(slots.service(), time -> {
            nanos.addAndGet(time.toNanos());
            // well, unwell once, and then well for good
            slots.are(asked.incrementAndGet() == 3 ? FakeSlots.UNWELL : FakeSlots.WELL);
        });
        assertEquals(Optional.empty(), trial.failure(FakeSlots.WELL));
        assertEquals(3 + 6, asked.get(), "10 s of 2 s each after the first good answer");
    }

    @Test
    void oneGoodAnswerThatWasLongInComingIsNotEnough() throws InterruptedException {
        slots.health = () -> {
            nanos.addAndGet(Duration.ofSeconds(15).toNanos());
            asked.incrementAndGet();
            return FakeSlots.WELL;
        };
        Trial trial = trial(slots.service(), time -> nanos.addAndGet(time.toNanos()));
        assertEquals(Optional.empty(), trial.failure(FakeSlots.WELL));
        assertEquals(2, asked.get());
    }

    @Test
    void complaintThatNamesItsTimeIsNeverExcusedByAnEarlierOne() throws InterruptedException {
        Health before = new Health(Map.of("path", Set.of(Complaint.passing("no message by 11:00"))), Set.of());
        slots.are(new Health(Map.of("path", Set.of(Complaint.passing("no message by 12:00"))), Set.of()));
        Trial trial = trial(slots.service(), time -> nanos.addAndGet(time.toNanos()));
        assertEquals(
                Optional.of("not as well as before by the end of PT5M: no message by 12:00"), trial.failure(before));
    }

    @Test
    void whoCannotBeAskedProvesNothing() throws InterruptedException {
        slots.are(FakeSlots.WELL);
        slots.proven.countDown();
        RuntimeSlots broken = (RuntimeSlots) Proxy.newProxyInstance(
                RuntimeSlots.class.getClassLoader(),
                new Class<?>[] {RuntimeSlots.class},
                (proxy, method, arguments) -> {
                    throw new IllegalStateException("the launcher is broken");
                });
        String why = trial(broken, time -> {}).failure(FakeSlots.WELL).orElse("");
        assertTrue(why.endsWith("the launcher is broken"), why);
    }

    @Test
    void refusesTimesThatProveNothing() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Trial(slots.service(), Duration.ofSeconds(9), Duration.ofSeconds(9), nanos::get, time -> {}));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Trial(slots.service(), Duration.ofSeconds(9), Duration.ZERO, nanos::get, time -> {}));
    }

    private Trial trial(RuntimeSlots slots, Rest rest) {
        return new Trial(slots, Duration.ofMinutes(5), Duration.ofSeconds(10), nanos::get, rest);
    }
}
