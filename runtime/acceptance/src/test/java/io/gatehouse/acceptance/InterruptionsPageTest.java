package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InterruptionsPageTest {
    private static final String OUTCOME =
            "\\d+ cuts?, `applied`; back in \\d+ s|\\d+ starts?|`(applied|rolled-back)`.*";

    @Test
    void saysAllButWhatCameOfItAsTheTestsDo() throws IOException {
        assertEquals(Interruptions.PAGE.text(Interruptions.PAGE.cells()), Interruptions.PAGE.current());
    }

    @Test
    void hasWhatCameOfEach() throws IOException {
        for (Map.Entry<Interruption, List<String>> line :
                Interruptions.PAGE.cells().entrySet()) {
            Interruption interruption = line.getKey();
            String once = line.getValue().get(0);
            String isLong = line.getValue().get(1);
            if (interruption.isHeldElsewhere()) {
                assertEquals(List.of(interruption.unrecorded(), interruption.unrecorded()), line.getValue());
            } else {
                assertTrue(isLong.matches(OUTCOME), line::toString);
                assertTrue(
                        once.matches(interruption.isAlwaysTried() ? OUTCOME : RecordedTable.NOTHING), line::toString);
            }
        }
    }

    @Test
    void namesTestsThatThereAre() throws IOException {
        TestSources tests = new TestSources();
        for (Interruption interruption : Interruption.values()) {
            String[] name = interruption.test().split("\\.");
            assertTrue(tests.has(name[0], name[1]), interruption::test);
            assertTrue(
                    interruption.isHeldElsewhere() || tests.source(name[0]).contains("Interruption." + interruption),
                    interruption::test);
        }
    }
}
