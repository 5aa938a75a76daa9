package io.gatehouse.cli.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ResultTextTest {
    @Test
    void isALineForEachValue() {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("host", "10.0.0.1");
        result.put("rtt", Map.of("max", 0.2));
        result.put("ports", List.of(80, 443));
        assertEquals(List.of("host     10.0.0.1", "rtt.max  0.2", "ports    [80, 443]"), lines(result));
    }

    @Test
    void showsATextLineByLine() {
        assertEquals(
                List.of("code   0", "short  done", "output", "a\tb", "", "\ufffd[2Jc"),
                lines(ordered("code", 0, "output", "a\tb\r\n\n\033[2Jc\n", "short", "done")));
        assertEquals(List.of("a", "b"), lines(Map.of("output", "a\nb")));
    }

    @Test
    void isATableForAListOfObjectsHoweverLong() {
        List<Map<String, Object>> bundles = List.of(
                ordered("id", 0, "state", "active"),
                ordered("id", 1, "state", "resolved"),
                ordered("id", 2, "state", "active", "note", "new"),
                ordered("id", 3),
                ordered("id", 4));
        assertEquals(
                List.of("ID  STATE     NOTE", "0   active", "1   resolved", "2   active    new", "3", "4"),
                lines(Map.of("bundles", bundles)));
    }

    @Test
    void namesTheTableWhereThereIsMore() {
        assertEquals(
                List.of("count  1", "list", "A", "1"), lines(ordered("list", List.of(Map.of("a", 1)), "count", 1)));
    }

    private static List<String> lines(Map<String, ?> result) {
        return ResultText.lines(Paint.PLAIN, result);
    }

    private static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int at = 0; at < namesAndValues.length; at += 2) {
            map.put((String) namesAndValues[at], namesAndValues[at + 1]);
        }
        return map;
    }
}
