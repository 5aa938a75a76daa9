package io.gatehouse.tasks.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.tasks.Asked;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SecondsTest {
    @Test
    void countsToTheMicrosecond() {
        assertEquals(1.234568, Seconds.of(1_234_567_890));
        assertEquals(0.000001, Seconds.rounded(0.0000005));
    }

    @ParameterizedTest
    @CsvSource({"PT1S, PT1S", "PT1H, PT1H", "PT1M1.5S, PT1M1.5S"})
    void takesWhatIsWithinItsBounds(String given, Duration taken) {
        assertEquals(taken, delay(Map.of("delay", given)));
    }

    @Test
    void takesTheUsualWhereNothingIsGiven() {
        assertEquals(Duration.ofSeconds(2), delay(Map.of()));
    }

    @ParameterizedTest
    @CsvSource({"PT0.999S", "PT1H0.001S", "PT-5S"})
    void namesTheBoundsToWhatIsBeyond(String given) {
        BadArgument e = assertThrows(BadArgument.class, () -> delay(Map.of("delay", given)));
        assertEquals("delay must be from PT1S to PT1H: " + given, e.getMessage());
    }

    @Test
    void saysWhenToTheMillisecond() {
        assertEquals("2026-02-03T04:05:06.000Z", Instants.text(Instant.parse("2026-02-03T04:05:06Z")));
        assertEquals("2026-02-03T04:05:06.789Z", Instants.text(Instant.parse("2026-02-03T04:05:06.789999Z")));
    }

    private static Duration delay(Map<String, ?> arguments) {
        Members members = Asked.with(arguments).arguments();
        return Seconds.argument(members, "delay", Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofHours(1));
    }
}
