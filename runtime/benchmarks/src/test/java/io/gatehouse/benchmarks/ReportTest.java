package io.gatehouse.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReportTest {
    private static final Row SLOW =
            Row.against("floor", "start", "ms", Sample.of(900), Sample.of(600), Row.atMost(1.3));
    private static final Row FAST =
            Row.against("floor", "throughput", "messages/s", Sample.of(900), Sample.of(1000), Row.atLeast(0.8));
    private static final Row GAP = Row.alone("gap", "ms", Sample.of(12, 30), Row.atMost(50));

    private static Report report(Row... rows) {
        return new Report(Map.of("JDK", "17"), List.of(rows), List.of("So."), List.of());
    }

    @Test
    void namesEveryTargetThatIsMissed() {
        assertEquals(
                "**Missed, 1 of 3:** start against floor (1.50, not ≤ 1.30).",
                report(SLOW, FAST, GAP).verdict());
    }

    @Test
    void saysThatAllAreMetOnlyWhereAllAre() {
        assertEquals("All 2 targets measured here are met.", report(FAST, GAP).verdict());
    }

    @Test
    void tellsValueFloorRatioAndTarget() {
        String text = report(SLOW, FAST, GAP).markdown();
        assertTrue(text.contains("| start | 900 ms | floor: 600 ms | 1.50 | ≤ 1.30 | **missed** |"), text);
        assertTrue(text.contains("| gap | 21 ms (12–30) |  |  | ≤ 50 ms | met |"), text);
        assertFalse(text.contains("Not in this run"), text);
    }
}
