package io.gatehouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

final class DurationsTest {
    @Test
    void readsTimesAsPeopleWriteThem() {
        assertEquals(Duration.ofSeconds(30), Durations.parse("30"));
        assertEquals(Duration.ofSeconds(30), Durations.parse("30s"));
        assertEquals(Duration.ofMinutes(90), Durations.parse("1h30m"));
        assertEquals(Duration.ofMillis(1500), Durations.parse("PT1.5S"));
    }

    @Test
    void refusesWhatIsNoTimeOrNone() {
        for (String text : new String[] {"", "soon", "0", "-5s", "5x"}) {
            assertThrows(TypeConversionException.class, () -> Durations.parse(text), text);
        }
    }

    @Test
    void saysThemInWords() {
        assertEquals("30 s", Durations.words(Duration.ofSeconds(30)));
        assertEquals("1.5 s", Durations.words(Duration.ofMillis(1500)));
    }
}
