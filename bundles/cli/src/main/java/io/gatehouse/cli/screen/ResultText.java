package io.gatehouse.cli.screen;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The result of a command for a person: a line for each value, the lines of each text, and a table for each list of objects. */
public final class ResultText {
    private ResultText() {}

    public static List<String> lines(Paint paint, Map<String, ?> result) {
        Map<String, Object> values = new LinkedHashMap<>();
        Map<String, String> texts = new LinkedHashMap<>();
        Map<String, List<?>> lists = new LinkedHashMap<>();
        result.forEach((name, value) -> {
            if (isOfObjects(value)) {
                lists.put(name, (List<?>) value);
            } else if (value instanceof String text && text.indexOf('\n') >= 0) {
                texts.put(name, text);
            } else {
                values.put(name, value);
            }
        });
        List<String> lines = new ArrayList<>();
        Map<String, Object> flat = MessageLine.flat(values);
        int widest = flat.keySet().stream().mapToInt(String::length).max().orElse(0);
        flat.forEach((name, value) -> lines.add(name + " ".repeat(widest - name.length()) + "  " + value));
        texts.forEach((name, text) -> {
            if (result.size() > 1) {
                lines.add(paint.strong(name));
            }
            lines.addAll(Plain.lines(text));
        });
        lists.forEach((name, list) -> {
            if (result.size() > 1) {
                lines.add(paint.strong(name));
            }
            lines.addAll(table(paint, list));
        });
        return lines;
    }

    private static boolean isOfObjects(@Nullable Object value) {
        return value instanceof List<?> list && !list.isEmpty() && list.stream().allMatch(Map.class::isInstance);
    }

    private static List<String> table(Paint paint, List<?> objects) {
        List<Map<String, Object>> rows = new ArrayList<>();
        Set<String> columns = new LinkedHashSet<>();
        for (Object object : objects) {
            Map<String, Object> members = new LinkedHashMap<>();
            ((Map<?, ?>) object).forEach((name, value) -> members.put(String.valueOf(name), value));
            Map<String, Object> row = MessageLine.flat(members);
            rows.add(row);
            columns.addAll(row.keySet());
        }
        Table table = new Table(
                paint,
                columns.stream().map(name -> name.toUpperCase(Locale.ROOT)).toArray(String[]::new));
        for (Map<String, Object> row : rows) {
            table.row(columns.stream()
                    .map(name -> row.containsKey(name) ? String.valueOf(row.get(name)) : "")
                    .toArray(String[]::new));
        }
        return table.lines();
    }
}
