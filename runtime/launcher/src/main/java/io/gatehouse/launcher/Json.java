package io.gatehouse.launcher;

import jakarta.json.JsonException;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonGenerator;
import jakarta.json.stream.JsonParser;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** JSON text to and from plain values: strings, booleans, numbers, lists, maps, and null. */
final class Json {
    private static final JsonProvider JSON = JsonProvider.provider();

    private Json() {}

    /** Reads one object. */
    static Map<String, Object> read(String text) throws IOException {
        try (JsonParser parser = JSON.createParser(new StringReader(text))) {
            if (!parser.hasNext() || parser.next() != JsonParser.Event.START_OBJECT) {
                throw new IOException("is not a JSON object");
            }
            return object(parser);
        } catch (JsonException | NoSuchElementException | IllegalStateException e) {
            throw new IOException("is not JSON", e);
        }
    }

    /** Writes one object. */
    static String write(Map<String, ?> object) {
        StringWriter out = new StringWriter(256);
        try (JsonGenerator generator = JSON.createGenerator(out)) {
            write(generator, object);
        }
        return out.toString();
    }

    private static Map<String, Object> object(JsonParser parser) {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.next() != JsonParser.Event.END_OBJECT) {
            String name = parser.getString();
            members.put(name, value(parser, parser.next()));
        }
        return Collections.unmodifiableMap(members);
    }

    private static List<Object> array(JsonParser parser) {
        List<Object> elements = new ArrayList<>();
        for (JsonParser.Event event = parser.next(); event != JsonParser.Event.END_ARRAY; event = parser.next()) {
            elements.add(value(parser, event));
        }
        return Collections.unmodifiableList(elements);
    }

    @SuppressWarnings("NullAway") // JSON's null is a value here
    private static Object value(JsonParser parser, JsonParser.Event event) {
        return switch (event) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER -> number(parser);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new JsonException(event + " stands where a value belongs");
        };
    }

    private static Number number(JsonParser parser) {
        BigDecimal number = parser.getBigDecimal();
        boolean isLong = number.scale() == 0 && number.precision() <= 18;
        return isLong ? (Number) number.longValue() : number;
    }

    private static void write(JsonGenerator generator, @Nullable Object value) {
        if (value == null) {
            generator.writeNull();
        } else if (value instanceof Map<?, ?> map) {
            generator.writeStartObject();
            map.forEach((name, member) -> {
                generator.writeKey(String.valueOf(name));
                write(generator, member);
            });
            generator.writeEnd();
        } else if (value instanceof Iterable<?> elements) {
            generator.writeStartArray();
            elements.forEach(element -> write(generator, element));
            generator.writeEnd();
        } else if (value instanceof String text) {
            generator.write(text);
        } else if (value instanceof Boolean truth) {
            generator.write(truth);
        } else if (value instanceof Number number) {
            write(generator, number);
        } else {
            throw new IllegalArgumentException(
                    "JSON has no value for " + value.getClass().getName() + ": " + value);
        }
    }

    private static void write(JsonGenerator generator, Number number) {
        if (number instanceof Double || number instanceof Float) {
            generator.write(number.doubleValue());
        } else if (number instanceof BigDecimal decimal) {
            generator.write(decimal);
        } else if (number instanceof BigInteger integer) {
            generator.write(integer);
        } else {
            generator.write(number.longValue());
        }
    }
}
