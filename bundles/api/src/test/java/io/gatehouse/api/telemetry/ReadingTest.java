package io.gatehouse.api.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReadingTest {
    @Test
    void keepsItsOrderAndTheLastOfAName() {
        Reading reading = Reading.of("one", 0.5).with("five", 1).with("one", 0.7);
        assertEquals("{one=0.7, five=1}", reading.toString());
        assertFalse(reading.isNothing());
        assertTrue(Reading.nothing().isNothing());
    }

    @Test
    void isEqualToAnotherOfTheSameValues() {
        assertEquals(Reading.of("a", 1).with("b", "x"), Reading.of(Map.of("a", 1, "b", "x")));
        assertEquals(Reading.of("a", 1).hashCode(), Reading.of("a", 1).hashCode());
        assertFalse(Reading.of("a", 1).equals(Reading.of("a", 2)));
    }

    @Test
    void withLeavesTheFirstAsItWas() {
        Reading first = Reading.of("a", 1);
        first.with("b", 2);
        assertEquals(Map.of("a", 1), first.values());
    }

    @Test
    void isImmutableInDepth() {
        List<Object> list = new ArrayList<>(List.of(1));
        Map<String, Object> map = new HashMap<>(Map.of("list", list));
        AtomicLong counter = new AtomicLong(5);
        Reading reading = Reading.of("map", map).with("counter", counter);
        list.add(2);
        map.put("x", 1);
        counter.set(6);
        assertEquals(Map.of("map", Map.of("list", List.of(1)), "counter", 5L), reading.values());
        assertThrows(UnsupportedOperationException.class, () -> reading.values().clear());
        assertThrows(
                UnsupportedOperationException.class,
                () -> ((Map<?, ?>) reading.values().get("map")).clear());
    }

    @Test
    void namesTheValueThatIsOfNoKindThatItKnows() {
        refuses("a is not finite: NaN", "a", Double.NaN);
        refuses("a is not finite: -Infinity", "a", Float.NEGATIVE_INFINITY);
        refuses("a.b[1] is not finite", "a", Map.of("b", List.of(1, Double.POSITIVE_INFINITY)));
        refuses("a is neither", "a", new Object());
        refuses("a is neither", "a", 'c');
        refuses("a[0] is neither", "a", Arrays.asList((Object) null));
        refuses("a has a name that is no string: 7", "a", Map.of(7, "x"));
    }

    private static void refuses(String words, String name, Object value) {
        String message = assertThrows(IllegalArgumentException.class, () -> Reading.of(name, value))
                .getMessage();
        assertTrue(message.startsWith(words), message);
    }
}
