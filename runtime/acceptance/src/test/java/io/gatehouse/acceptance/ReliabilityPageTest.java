package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReliabilityPageTest {
    @Test
    void saysAllButItsFiguresAsTheTestsDo() throws IOException {
        assertEquals(Reliability.PAGE.text(Reliability.PAGE.cells()), Reliability.PAGE.current());
    }

    @Test
    void hasAFigureForEachFault() throws IOException {
        for (Map.Entry<Fault, List<String>> cells : Reliability.PAGE.cells().entrySet()) {
            for (String cell : cells.getValue()) {
                assertTrue(cell.matches("\\d+ messages, 0 lost.*; back in .* s; \\d+ MiB"), cells::toString);
            }
        }
    }

    @Test
    void namesTestsThatThereAre() throws IOException {
        TestSources tests = new TestSources();
        for (Fault fault : Fault.values()) {
            String[] name = fault.test().split("\\.");
            assertTrue(tests.has(name[0], name[1]), fault::test);
            assertTrue(tests.source(name[0]).contains("Fault." + fault), fault::test);
        }
    }
}
