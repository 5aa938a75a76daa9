package io.gatehouse.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.telemetry.Reading;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAdder;
import org.junit.jupiter.api.Test;

/** What is worth sending, and what is too much to send. */
final class ReadingsTest {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    @Test
    void sendsEveryReadingUnlessAskedForChangesOnly() {
        Sent sent = new Sent(settings(false, 0));
        Reading same = Reading.of("a", 1);
        sent.sent(same, 0);
        assertTrue(sent.isNews(same, 1));
    }

    @Test
    void sendsAnUnchangedReadingOnceInAnHour() {
        Sent sent = new Sent(settings(true, 0));
        Reading same = Reading.of("a", 1);
        assertTrue(sent.isNews(same, 0));
        sent.sent(same, 0);
        assertFalse(sent.isNews(same, 59 * MINUTE));
        assertTrue(sent.isNews(same, 60 * MINUTE));
    }

    @Test
    void comparesWithTheLastThatWasSentSoThatASlowDriftIsSeen() {
        Sent sent = new Sent(settings(true, 1));
        sent.sent(Reading.of("a", 10.0), 0);
        assertFalse(sent.isNews(Reading.of("a", 10.6), 1));
        assertFalse(sent.isNews(Reading.of("a", 11.0), 2));
        assertTrue(sent.isNews(Reading.of("a", 11.1), 3));
    }

    @Test
    void seesThatACounterMovedWhichTheCollectorKeeps() {
        AtomicLong counter = new AtomicLong((1L << 53) + 1);
        Sent sent = new Sent(settings(true, 0));
        sent.sent(Reading.of("count", counter).with("sum", new DoubleAdder()), 0);
        counter.incrementAndGet();
        assertTrue(sent.isNews(Reading.of("count", counter).with("sum", new DoubleAdder()), 1));
    }

    @Test
    void appliesTheDeadBandToEveryNumberInDepthAndToNothingElse() {
        Object before = Map.of("list", List.of(Map.of("v", 1.0, "name", "x")), "up", true);
        assertFalse(Change.between(before, Map.of("list", List.of(Map.of("v", 1.4, "name", "x")), "up", true), 0.5));
        assertTrue(Change.between(before, Map.of("list", List.of(Map.of("v", 1.6, "name", "x")), "up", true), 0.5));
        assertTrue(Change.between(before, Map.of("list", List.of(Map.of("v", 1.0, "name", "y")), "up", true), 0.5));
        assertTrue(Change.between(before, Map.of("list", List.of(Map.of("v", 1.0, "name", "x")), "up", false), 0.5));
        assertTrue(Change.between(before, Map.of("list", List.of(), "up", true), 0.5));
        assertTrue(Change.between(before, Map.of("list", List.of(Map.of("v", 1.0, "name", "x"))), 0.5));
        assertTrue(Change.between(Map.of("a", 1), Map.of("b", 1), 0.5));
    }

    @Test
    void tellsLargeCountersApart() {
        assertTrue(Change.between(Long.MAX_VALUE - 1, Long.MAX_VALUE, 0));
        assertFalse(Change.between(1, 1L, 0));
        assertFalse(Change.between(1L, 1.0, 0));
    }

    @Test
    void measuresAReadingAsItIsWritten() {
        String json = "{\"text\":\"a\\\"\\\\ä€😀\",\"list\":[1,-2.5,true],\"map\":{\"empty\":[]}}";
        Map<String, Object> values = Reading.of("text", "a\"\\ä€😀")
                .with("list", List.of(1, -2.5, true))
                .with("map", Map.of("empty", List.of()))
                .values();
        int written = json.getBytes(StandardCharsets.UTF_8).length;
        long measured = JsonSize.of(values, 1000);
        assertTrue(measured >= written && measured <= written + 8, measured + " for " + written);
    }

    @Test
    void measuresNoFurtherThanTheLimit() {
        long measured = JsonSize.of(Map.of("list", List.of("x".repeat(1000), "y".repeat(1_000_000))), 500);
        assertTrue(measured > 500 && measured < 600, "measured " + measured);
    }

    @Test
    void refusesAReadingThatIsNestedTooDeep() {
        Map<String, Object> deep = Map.of();
        for (int depth = 0; depth < 40; depth++) {
            deep = Map.of("deeper", deep);
        }
        Map<String, Object> values = deep;
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> JsonSize.of(values, 65_536));
        assertEquals("reading is nested more than 32 deep", e.getMessage());
    }

    private static Settings settings(boolean onChange, double deadBand) {
        return new Settings("a/b", Duration.ofSeconds(10), Duration.ofSeconds(5), onChange, deadBand, false);
    }
}
