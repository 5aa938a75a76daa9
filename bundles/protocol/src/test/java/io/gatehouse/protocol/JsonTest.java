package io.gatehouse.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.BadArgument;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void readsEveryKindOfValue() {
        Map<String, ?> values =
                read("{\"s\":\"ä\\n\",\"t\":true,\"f\":false,\"n\":null,\"l\":[1,[2]],\"o\":{\"a\":{}}}");
        assertEquals("ä\n", values.get("s"));
        assertEquals(true, values.get("t"));
        assertEquals(false, values.get("f"));
        assertTrue(values.containsKey("n"));
        assertEquals(List.of(1L, List.of(2L)), values.get("l"));
        assertEquals(Map.of("a", Map.of()), values.get("o"));
    }

    @Test
    void readsWholeNumbersAsLongWhereTheyFit() {
        assertEquals(Long.MAX_VALUE, read("{\"n\":9223372036854775807}").get("n"));
        assertEquals(Long.MIN_VALUE, read("{\"n\":-9223372036854775808}").get("n"));
        assertEquals(
                new BigDecimal("9223372036854775808"),
                read("{\"n\":9223372036854775808}").get("n"));
        assertEquals(new BigDecimal("0.10"), read("{\"n\":0.10}").get("n"), "no digit is lost");
    }

    @Test
    void keepsTheOrderOfMembersAndTheLastOfTwins() {
        assertEquals("[b, a]", read("{\"b\":1,\"a\":2}").keySet().toString());
        assertEquals(2L, read("{\"a\":1,\"a\":2}").get("a"));
    }

    @Test
    void refusesTwinsAtAnyDepthWhereItIsStrict() {
        for (String twins : List.of(
                "{\"a\":1,\"a\":1}", "{\"o\":{\"a\":1,\"b\":2,\"a\":3}}", "{\"l\":[{\"a\":1,\"\\u0061\":2}]}")) {
            byte[] payload = twins.getBytes(StandardCharsets.UTF_8);
            assertEquals(
                    "payload has two members \"a\"",
                    assertThrows(BadArgument.class, () -> Json.readStrict(payload))
                            .getMessage());
            assertFalse(Json.read(payload).values().isEmpty());
        }
        byte[] cousins = "{\"a\":{\"a\":1},\"l\":[{\"a\":1},{\"a\":2}]}".getBytes(StandardCharsets.UTF_8);
        assertEquals(Json.read(cousins).values(), Json.readStrict(cousins).values());
    }

    @Test
    void whatWasReadCannotBeChanged() {
        Map<String, ?> values = read("{\"l\":[1],\"o\":{}}");
        assertThrows(UnsupportedOperationException.class, () -> values.remove("l"));
        assertThrows(UnsupportedOperationException.class, () -> ((List<?>) values.get("l")).remove(0));
        assertThrows(UnsupportedOperationException.class, () -> ((Map<?, ?>) values.get("o")).clear());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "[]",
                "7",
                "null",
                "\"x\"",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "{\"a\":01}",
                "{\"a\":NaN}",
                "{}{}",
                "{} x",
                "{\"a\":1e99999999999}",
                "{\"a\":tru}",
                "{\"a\":\"",
                "{\"a\":\"\\u12\"}",
                "\uFEFF{}"
            })
    void refusesWhatIsNotOneObject(String text) {
        String message = assertThrows(BadArgument.class, () -> read(text)).getMessage();
        assertTrue(message.startsWith("payload "), message);
    }

    @Test
    void refusesWhatIsNotUtf8() {
        assertThrows(BadArgument.class, () -> Json.read(new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'}));
    }

    @Test
    void refusesNestingThatCouldOverflowAStack() {
        String message = assertThrows(BadArgument.class, () -> read("{\"a\":" + "[".repeat(100_000)))
                .getMessage();
        assertTrue(message.contains("64"), message);
        assertThrows(BadArgument.class, () -> read("{\"a\":".repeat(65) + "1" + "}".repeat(65)));
        assertEquals(1, read("{\"a\":".repeat(64) + "1" + "}".repeat(64)).size());
    }

    @Test
    void refusesNumberOfMoreDigitsThanAnybodyNeeds() {
        assertThrows(BadArgument.class, () -> read("{\"a\":" + "9".repeat(5000) + "}"));
    }

    @Test
    void writesWithoutWhiteSpaceInTheOrderGiven() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("s", "a\"b\\\u0001");
        object.put("i", 7);
        object.put("l", Long.MIN_VALUE);
        object.put("d", 0.25);
        object.put("f", 0.5f);
        object.put("big", new BigInteger("123456789012345678901234567890"));
        object.put("dec", new BigDecimal("1.50"));
        object.put("list", Arrays.asList(true, null, Map.of()));
        assertEquals(
                "{\"s\":\"a\\\"b\\\\\\u0001\",\"i\":7,\"l\":-9223372036854775808,\"d\":0.25,\"f\":0.5,"
                        + "\"big\":123456789012345678901234567890,\"dec\":1.50,\"list\":[true,null,{}]}",
                new String(Json.write(object), StandardCharsets.UTF_8));
    }

    @Test
    void refusesToWriteWhatJsonCannotSay() {
        assertThrows(IllegalArgumentException.class, () -> Json.write(Map.of("x", Double.NaN)));
        assertThrows(IllegalArgumentException.class, () -> Json.write(Map.of("x", Double.POSITIVE_INFINITY)));
        String message = assertThrows(IllegalArgumentException.class, () -> Json.write(Map.of("x", new byte[0])))
                .getMessage();
        assertTrue(message.contains("[B"), message);
    }

    @Test
    void whatIsWrittenReadsTheSame() {
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            Map<String, Object> object = object(random, 4);
            byte[] written = Json.write(object);
            assertEquals(object, Json.read(written).values());
            assertArrayEquals(written, Json.write(Json.read(written).values()));
        }
    }

    /** Whatever comes over the air is an object or a {@link BadArgument}, never anything else. */
    @Test
    void noBytesDoAnythingElse() {
        Random random = new Random(11);
        byte[] good = Json.write(object(random, 4));
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.clone();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                Json.read(Arrays.copyOf(bytes, random.nextInt(5) == 0 ? random.nextInt(bytes.length) : bytes.length));
                read++;
            } catch (BadArgument e) {
                assertFalse(String.valueOf(e.getMessage()).isBlank());
            }
        }
        assertTrue(read > 0 && read < 20_000, "some are objects, some are not: " + read);
    }

    private static Map<String, ?> read(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8)).values();
    }

    private static Map<String, Object> object(Random random, int depth) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = random.nextInt(5) + 1; i > 0; i--) {
            object.put("m" + random.nextInt(100), value(random, depth - 1));
        }
        return object;
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextBoolean();
            case 2 -> "t\u00e4xt \ud83d\ude00 \"" + random.nextInt();
            case 3 -> new BigDecimal(random.nextInt()).movePointLeft(1 + random.nextInt(5));
            case 4 -> "";
            case 5 -> new ArrayList<>(List.of(value(random, depth - 1), value(random, depth - 1)));
            default -> object(random, depth - 1);
        };
    }
}
