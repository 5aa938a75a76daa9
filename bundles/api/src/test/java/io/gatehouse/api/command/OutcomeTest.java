package io.gatehouse.api.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutcomeTest {
    @Test
    void problemSpellsOutItsTypeAsItsTitle() {
        assertEquals(
                new Outcome.Failed(new Problem("wrong-digest", "wrong digest", "why")),
                Outcome.failed("wrong-digest", "why"));
        assertEquals(new Outcome.Refused(new Problem("busy", "busy", "why")), Outcome.refused("busy", "why"));
    }

    @Test
    void resultKeepsItsOrderAndCannotBeChanged() {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("z", 1);
        result.put("a", 2);
        Outcome.Done done = new Outcome.Done(result);
        result.put("m", 3);
        assertEquals("{z=1, a=2}", done.result().toString());
        assertThrows(UnsupportedOperationException.class, () -> done.result().clear());
    }
}
