package com.example.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RegisterParserTest {
    @Test
    void readsWhatIsNeededAndWhatIsNot() {
        String[] texts = {"a holding 0 uint16", " power  input 12 int32 words=low-first scale=0.1 unit=W "};
        assertEquals(
                List.of(
                        new Register("a", Table.HOLDING, 0, Type.UINT16, false, BigDecimal.ONE, ""),
                        new Register("power", Table.INPUT, 12, Type.INT32, true, new BigDecimal("0.1"), "W")),
                RegisterParser.parse(texts));
    }

    @ParameterizedTest
    @CsvSource({
        "a holding 0, it must be <name> <holding|input> <address> <type>",
        "a coil 0 uint16, 'table must be one of holding, input: coil'",
        "a holding x uint16, the address must be a whole number: x",
        "a holding 65535 uint32, the address must be from 0 to 65534: 65535",
        "a holding -1 uint16, the address must be from 0 to 65535: -1",
        "a holding 0 int24, 'type must be one of uint16, int16, uint32, int32, float32: int24'",
        "a holding 0 uint16 scale=ten, scale must be a number such as 0.1: ten",
        "a holding 0 uint32 words=swapped, 'words must be one of high-first, low-first: swapped'",
        "a holding 0 uint16 offset=3, 'an option is scale=, unit= or words=: offset=3'",
        "a holding 0 uint16 V, 'an option is scale=, unit= or words=: V'",
        "ok holding 0 uint16, another is named ok already"
    })
    void refusesByNameWhatWillNotDo(String text, String words) {
        IllegalArgumentException wrong = assertThrows(
                IllegalArgumentException.class, () -> RegisterParser.parse(new String[] {"ok holding 7 uint16", text}));
        assertTrue(wrong.getMessage().startsWith("registers: \"" + text + "\": " + words), wrong.getMessage());
    }

    @Test
    void refusesNothingAtAll() {
        assertThrows(IllegalArgumentException.class, () -> RegisterParser.parse(new String[0]));
    }
}
