package io.gatehouse.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ScheduleTest {
    private static final long SECOND = 1_000_000_000L;

    private final Schedule schedule = new Schedule(Duration.ofSeconds(10), () -> 0.5);

    @Test
    void keepsAFixedRateAfterAFirstPeriodThatIsALittleShorter() {
        schedule.startAt(0);
        schedule.began(SECOND);
        assertEquals(10.5, seconds());
        schedule.ended(true, 2 * SECOND);
        schedule.began(11 * SECOND);
        schedule.ended(true, 12 * SECOND);
        assertEquals(20.5, seconds());
    }

    @Test
    void doesNotMakeUpForWhatWasMissed() {
        schedule.startAt(0);
        schedule.began(0);
        schedule.ended(true, 0);
        schedule.began(3600 * SECOND);
        assertEquals(3609.5, seconds());
    }

    @Test
    void asksOneThatFailsMoreAndMoreRarely() {
        long now = 0;
        schedule.startAt(now);
        double[] pauses = {10, 20, 40, 80, 160, 320, 320, 320};
        for (double pause : pauses) {
            schedule.began(now);
            schedule.ended(false, now);
            assertEquals(pause, (schedule.due() - now) / 1e9, 0.5);
            now = schedule.due();
        }
        schedule.began(now);
        schedule.ended(true, now);
        assertEquals(now + 10 * SECOND, schedule.due());
    }

    @Test
    void asksOneThatFailsOnceInAnHourAtLeastOrAtItsPeriod() {
        assertEquals(3600, pauseAfterManyFailures(Duration.ofMinutes(10)));
        assertEquals(86_400, pauseAfterManyFailures(Duration.ofDays(1)));
        assertEquals(31 * 86_400, pauseAfterManyFailures(Duration.ofDays(31)));
    }

    private static double pauseAfterManyFailures(Duration period) {
        Schedule schedule = new Schedule(period, () -> 0);
        long now = 0;
        schedule.startAt(0);
        for (int failure = 0; failure < 20; failure++) {
            now = schedule.due();
            schedule.began(now);
            schedule.ended(false, now);
        }
        return (schedule.due() - now) / 1e9;
    }

    private double seconds() {
        return schedule.due() / 1e9;
    }
}
