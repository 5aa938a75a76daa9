package io.gatehouse.api.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class MembersTest {
    @Test
    void readsWhatIsThere() {
        Members members = Members.of(Map.of("s", "text", "b", true, "o", Map.of("x", 1L), "l", List.of("a", "b")));
        assertEquals("text", members.string("s"));
        assertTrue(members.bool("b", false));
        assertEquals(1, members.object("o").integer("x", 0, 9));
        assertEquals(List.of("a", "b"), members.strings("l"));
        assertEquals(Optional.of("text"), members.value("s"));
        assertTrue(members.has("s"));
    }

    @Test
    void nullIsAbsent() {
        Map<String, Object> values = new HashMap<>();
        values.put("n", null);
        Members members = Members.of(values);
        assertFalse(members.has("n"));
        assertEquals(Optional.empty(), members.optionalString("n"));
        assertEquals(Optional.empty(), members.optionalObject("n"));
        assertEquals(Optional.empty(), members.optionalDuration("n"));
        assertEquals(7, members.integer("n", 7, 0, 9));
        assertTrue(members.bool("n", true));
        assertEquals(List.of(), members.strings("n"));
        refuses("n is missing", () -> members.string("n"));
        refuses("n is missing", () -> members.object("n"));
        refuses("n is missing", () -> members.integer("n", 0, 1));
    }

    @Test
    void namesIllTypedMemberWithItsValueAndWhatWouldDo() {
        Members members = Members.of(Map.of("x", List.of(1L)));
        refuses("x must be a string: [1]", () -> members.string("x"));
        refuses("x must be a whole number: [1]", () -> members.integer("x", 0, 1));
        refuses("x must be true or false: [1]", () -> members.bool("x", false));
        refuses("x must be an object: [1]", () -> members.object("x"));
        refuses("x[0] must be a string: 1", () -> members.strings("x"));
        refuses("x[0] must be an object: 1", () -> members.objects("x"));
        refuses("x must be a list: 7", () -> Members.of(Map.of("x", 7L)).strings("x"));
    }

    @Test
    void namesNestedMemberByItsPath() {
        Members spec = Members.of(Map.of("spec", Map.of("bundles", List.of(Map.of(), Map.of("sha256", 7L)))))
                .object("spec");
        refuses(
                "spec.bundles[1].sha256 must be a string: 7",
                () -> spec.objects("bundles").get(1).string("sha256"));
        refuses(
                "spec.bundles[0].sha256 is missing",
                () -> spec.objects("bundles").get(0).string("sha256"));
        refuses("at.x is missing", () -> Members.of("at", Map.of()).string("x"));
    }

    @Test
    void integersAreWholeAndWithinTheirRange() {
        Members members = Members.of(Map.of(
                "three",
                new BigDecimal("3.0"),
                "third",
                new BigDecimal("0.3"),
                "huge",
                new BigDecimal("1e999999999"),
                "tiny",
                new BigDecimal("1e-999999999"),
                "most",
                Long.MAX_VALUE));
        assertEquals(3, members.integer("three", 3, 3));
        refuses("three must be from 4 to 5", () -> members.integer("three", 4, 5));
        refuses("third must be a whole number", () -> members.integer("third", 0, 9));
        refuses("huge must be a whole number", () -> members.integer("huge", 0, 9));
        refuses("tiny must be a whole number", () -> members.integer("tiny", 0, 9));
        assertEquals(Long.MAX_VALUE, members.integer("most", 0, Long.MAX_VALUE));
        refuses("three must be from 4 to 5", () -> members.integer("three", 4, 4, 5));
    }

    @Test
    void durationsAreIsoOrSeconds() {
        Members members = Members.of(Map.of("iso", "PT1M30S", "n", new BigDecimal("1.5"), "bad", "soon", "t", true));
        assertEquals(Optional.of(Duration.ofSeconds(90)), members.optionalDuration("iso"));
        assertEquals(Optional.of(Duration.ofMillis(1500)), members.optionalDuration("n"));
        refuses("bad must be a duration such as PT30S: soon", () -> members.optionalDuration("bad"));
        refuses("t must be a duration", () -> members.optionalDuration("t"));
    }

    private static void refuses(String words, Executable read) {
        String message = assertThrows(BadArgument.class, read).getMessage();
        assertTrue(message.startsWith(words), message);
    }
}
