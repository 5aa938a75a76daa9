package org.example.cabinet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.api.telemetry.Reading;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ClimateTest {
    @Test
    void saysHowManyThereAreAndWhatTheWarmestShows() throws IOException {
        Climate climate = new Climate(() -> Map.of("28-a", 23.5, "28-b", 41.25, "28-c", -2.0));
        assertEquals(Reading.of("thermometers", 3).with("celsius", 41.25), climate.read());
    }

    @Test
    void saysThatThereIsNoneWhereNobodyBringsAny() throws IOException {
        assertEquals(Reading.of("thermometers", 0), new Climate().read());
        assertEquals(Reading.of("thermometers", 0), new Climate(Map::of).read());
    }
}
