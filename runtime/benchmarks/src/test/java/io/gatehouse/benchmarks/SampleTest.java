package io.gatehouse.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SampleTest {
    @Test
    void medianIsTheMiddleOneOrBetweenTheMiddleTwo() {
        assertEquals(3, Sample.of(9, 1, 3).median());
        assertEquals(2.5, Sample.of(4, 1, 3, 2).median());
    }

    @Test
    void saysMedianAndSpreadInThreeDigits() {
        assertEquals("446 ms (439–1 204)", Sample.of(439.2, 1204.4, 446.4).text("ms"));
        assertEquals("38.4 MiB", Sample.of(38.44).text("MiB"));
    }

    @Test
    void refusesNothing() {
        assertThrows(IllegalArgumentException.class, () -> new Sample(List.of()));
    }
}
