package io.gatehouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.cli.fleet.Trouble;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ArgumentsTest {
    @Test
    void readsNumbersAndTruthValuesAsWhatTheyLookLike() throws Trouble {
        assertEquals(
                Map.of("a", 3L, "b", new BigDecimal("-0.5"), "c", true, "d", false),
                parse("a=3", "b=-0.5", "c=true", "d=false"));
    }

    @Test
    void leavesEverythingElseAString() throws Trouble {
        assertEquals(
                Map.of("id", "007", "host", "10.0.0.1", "empty", "", "sum", "1+1=2", "no", "null"),
                parse("id=007", "host=10.0.0.1", "empty=", "sum=1+1=2", "no=null"));
    }

    @Test
    void readsAnyJsonBehindAColon() throws Trouble {
        assertEquals(Map.of("ports", Arrays.asList(80L, null), "as", "12"), parse("ports:=[80,null]", "as:=\"12\""));
        assertTrue(parse("nothing:=null").containsKey("nothing"));
    }

    @Test
    void namesTheArgumentItCannotRead() {
        assertEquals("argument a is not JSON: {", trouble("a:={"));
        assertEquals("argument a is not JSON: 1,\"b\":2", trouble("a:=1,\"b\":2"));
        assertEquals("not an argument: =x; write name=value, or name:=json", trouble("=x"));
        assertEquals("not an argument: :=x; write name=value, or name:=json", trouble(":=x"));
        assertEquals("argument a is given twice", trouble("a=1", "a=2"));
    }

    private static Map<String, Object> parse(String... words) throws Trouble {
        return Arguments.parse(List.of(words));
    }

    private static String trouble(String... words) {
        return assertThrows(Trouble.class, () -> parse(words)).getMessage();
    }
}
