package io.gatehouse.cli.firmware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.cli.fleet.Trouble;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StepsTest {
    @Test
    void areReadAsPeopleWriteThem() throws Trouble {
        assertEquals(List.of(1, 10, 50, 100), Steps.parse("1,10,50,100").percents());
        assertEquals(List.of(5, 25), Steps.parse("5%, 25 %").percents());
    }

    @Test
    void knowTheNextAndWhereTheyStand() throws Trouble {
        Steps steps = Steps.parse("1,10,50");
        assertEquals(Optional.of(1), steps.after(0));
        assertEquals(Optional.of(50), steps.after(25));
        assertEquals(Optional.empty(), steps.after(50));
        assertEquals(0, steps.number(0));
        assertEquals(2, steps.number(25));
        assertEquals(3, steps.number(100));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10,1 | each step must be more than the one before, and 1 comes after 10",
                "10,10 | and 10 comes after 10",
                "0,10 | a step is a whole number of percent from 1 to 100: \"0\"",
                "10,101 | a step is a whole number of percent from 1 to 100: \"101\"",
                "10,,50 | from 1 to 100: \"\"",
                "ten | from 1 to 100: \"ten\"",
                "1.5 | from 1 to 100: \"1.5\"",
                "99999999999 | from 1 to 100: \"99999999999\"",
            })
    void nameTheStepThatWillNotDo(String text, String complaint) {
        Trouble trouble = assertThrows(Trouble.class, () -> Steps.parse(text));
        assertEquals(Trouble.Kind.USAGE, trouble.kind());
        assertTrue(String.valueOf(trouble.getMessage()).contains(complaint), trouble.getMessage());
        assertTrue(String.valueOf(trouble.getMessage()).startsWith("--steps " + text), trouble.getMessage());
    }
}
