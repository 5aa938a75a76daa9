package io.gatehouse.cli.firmware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.cli.fleet.Trouble;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BoundTest {
    @ParameterizedTest
    @CsvSource({
        "2%,0,0,false",
        "2%,0,1,false",
        "2%,1,51,false",
        "2%,1,50,true",
        "2%,1,1,true",
        "0.5%,1,200,true",
        "0.5%,1,201,false",
        "100%,2,3,false",
        "100%,3,3,true",
        "3,2,2,false",
        "3,3,900,true",
        "1,0,0,false",
    })
    void isReachedByAShareOfWhatEndedOrByANumber(String text, int failed, int ended, boolean reached) throws Trouble {
        assertEquals(reached, Bound.parse(text).isReachedBy(failed, ended));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0%", "101%", "-1", "1.5", "", "%", "two", "2%%"})
    void isRefusedByItsValueWhereItIsNone(String text) {
        Trouble trouble = assertThrows(Trouble.class, () -> Bound.parse(text));
        assertEquals(Trouble.Kind.USAGE, trouble.kind());
        assertTrue(String.valueOf(trouble.getMessage()).endsWith("such as 3: " + text), trouble.getMessage());
    }
}
