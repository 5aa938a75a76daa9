package io.gatehouse.deployment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.BadArgument;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OSGi Compendium 8, 150.4.3. */
class ValuesTest {
    @Test
    void withoutATypeJsonDecides() {
        assertEquals("a", read("key", "a"));
        assertEquals(true, read("key", true));
        assertEquals(5L, read("key", 5L));
        assertEquals(5.5, read("key", new BigDecimal("5.5")));
        assertEquals("{\"a\":1}", read("key", Map.of("a", 1L)));
    }

    @Test
    void withoutATypeAListIsAnArrayOfItsElementsType() {
        assertArrayEquals(new String[] {"a", "b"}, (Object[]) read("key", List.of("a", "b")));
        assertArrayEquals(new Long[] {1L, 2L}, (Object[]) read("key", List.of(1L, 2L)));
        assertArrayEquals(new Double[] {1.0, 2.5}, (Object[]) read("key", List.of(1L, new BigDecimal("2.5"))));
        assertArrayEquals(new String[] {"a", "1"}, (Object[]) read("key", List.of("a", 1L)));
        assertArrayEquals(new String[0], (Object[]) read("key", List.of()));
    }

    @Test
    void aTypeIsKept() {
        assertEquals(5, read("key:Integer", 5L));
        assertEquals(5, read("key:Integer", "5"));
        assertEquals((short) 5, read("key:Short", 5L));
        assertEquals((byte) 5, read("key:Byte", 5L));
        assertEquals(5f, read("key:Float", 5L));
        assertEquals(5.0, read("key:Double", 5L));
        assertEquals('c', read("key:Character", "c"));
        assertEquals("5", read("key:String", 5L));
        assertEquals(false, read("key:Boolean", "false"));
        assertArrayEquals(new int[] {1, 2}, (int[]) read("key:int[]", List.of(1L, 2L)));
        assertArrayEquals(new Integer[] {1}, (Object[]) read("key:Integer[]", 1L));
        assertEquals(List.of(1, 2), read("key:Collection<Integer>", List.of(1L, 2L)));
        assertEquals(List.of("a", 2L), read("key:Collection", List.of("a", 2L)));
    }

    @Test
    void theTypeIsNoPartOfTheName() {
        assertEquals(Map.of("port", 5), Values.read("pid", Map.of("port:Integer", 5L)));
    }

    @Test
    void whatTellsTheConfiguratorSomethingIsNoValue() {
        assertTrue(Values.read("pid", Map.of(":configurator:ranking", 5L)).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"Integer,x", "Integer,1.5", "Byte,200", "Boolean,yes", "char,ab", "Integr,1", "Integr[],1"})
    void whatIsNotOfItsTypeIsRefusedWithItsPath(String type, String value) {
        BadArgument refused = assertThrows(BadArgument.class, () -> read("key:" + type, value));
        assertTrue(refused.getMessage().startsWith("pid.key"), refused.getMessage());
    }

    private static Object read(String key, Object value) {
        return Values.read("pid", Map.of(key, value)).get("key");
    }
}
