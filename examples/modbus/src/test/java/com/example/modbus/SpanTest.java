package com.example.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SpanTest {
    private static List<String> covering(int gap, String... registers) {
        return Span.covering(RegisterParser.parse(registers), gap).stream()
                .map(Span::toString)
                .toList();
    }

    @Test
    void joinsWhatTouchesOrOverlapsInWhateverOrderItIsConfigured() {
        assertEquals(
                List.of("holding registers 0 to 3", "holding registers 5 to 5"),
                covering(0, "d holding 5 uint16", "c holding 2 uint32", "b holding 1 uint16", "a holding 0 uint32"));
    }

    @Test
    void joinsAcrossAGapThatIsNoLargerThanPermitted() {
        String[] registers = {"a holding 0 uint16", "b holding 5 uint16"};
        assertEquals(2, covering(3, registers).size());
        assertEquals(List.of("holding registers 0 to 5"), covering(4, registers));
    }

    @Test
    void asksForNoMoreThanARequestMayAndTearsNoValueApart() {
        String[] registers = IntStream.range(0, 63)
                .mapToObj(at -> "r" + at + " input " + 2 * at + " float32")
                .toArray(String[]::new);
        assertEquals(List.of("input registers 0 to 123", "input registers 124 to 125"), covering(0, registers));
    }
}
