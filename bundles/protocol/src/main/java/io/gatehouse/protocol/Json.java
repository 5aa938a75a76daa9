package io.gatehouse.protocol;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import jakarta.json.JsonException;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonGenerator;
import jakarta.json.stream.JsonParser;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * JSON text to and from plain values: strings, booleans, numbers, lists, maps, and null. Whole numbers are {@link Long}
 * where they fit, {@link BigDecimal} otherwise. Maps keep their order and, like lists, are unmodifiable.
 */
public final class Json {
    /** Deeper nesting is refused: a payload must not be able to overflow a stack. */
    private static final int DEPTH = 64;

    private static final JsonProvider JSON = JsonProvider.provider();

    private Json() {}

    /**
     * Reads one object.
     *
     * @throws BadArgument if these bytes are not one JSON object in UTF-8
     */
    public static Members read(byte[] payload) {
        return read(payload, false);
    }

    /**
     * As {@link #read(byte[])}, for what is signed: an object that has two members of one name is refused, as whoever signed it
     * may have read the other one.
     *
     * @throws BadArgument if these bytes are not one JSON object in UTF-8, or name a member twice
     */
    public static Members readStrict(byte[] payload) {
        return read(payload, true);
    }

    private static Members read(byte[] payload, boolean strict) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(payload))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadArgument("payload of " + payload.length + " bytes is not UTF-8");
        }
        try (JsonParser parser = JSON.createParser(new StringReader(text))) {
            if (!parser.hasNext() || parser.next() != JsonParser.Event.START_OBJECT) {
                throw new BadArgument("payload is not a JSON object: " + begin(text));
            }
            Map<String, Object> object = object(parser, 1, strict);
            if (parser.hasNext()) {
                parser.next();
                throw new BadArgument("payload goes on behind its JSON object: " + begin(text));
            }
            return Members.of(object);
        } catch (JsonException | NoSuchElementException e) {
            throw new BadArgument("payload is not JSON: " + e.getMessage());
        } catch (NumberFormatException | UnsupportedOperationException e) {
            throw new BadArgument("payload has a number that is too large: " + begin(text));
        }
    }

    /**
     * Writes one object, without white space.
     *
     * @throws IllegalArgumentException if a value is of no kind that JSON has
     */
    public static byte[] write(Map<String, ?> object) {
        // not to a stream of bytes, for which the generator would make an encoder with a buffer of 8 KiB each time
        StringWriter out = new StringWriter(256);
        try (JsonGenerator generator = JSON.createGenerator(out)) {
            write(generator, object);
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String begin(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    private static Map<String, Object> object(JsonParser parser, int depth, boolean strict) {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.next() != JsonParser.Event.END_OBJECT) {
            String name = parser.getString();
            if (strict && members.containsKey(name)) {
                throw new BadArgument("payload has two members \"" + name + "\"");
            }
            members.put(name, value(parser, parser.next(), depth, strict));
        }
        return Collections.unmodifiableMap(members);
    }

    private static List<Object> array(JsonParser parser, int depth, boolean strict) {
        List<Object> elements = new ArrayList<>();
        for (JsonParser.Event event = parser.next(); event != JsonParser.Event.END_ARRAY; event = parser.next()) {
            elements.add(value(parser, event, depth, strict));
        }
        return Collections.unmodifiableList(elements);
    }

    @SuppressWarnings("NullAway") // JSON's null is a value here
    private static Object value(JsonParser parser, JsonParser.Event event, int depth, boolean strict) {
        if (depth > DEPTH) {
            throw new BadArgument("payload is nested more than " + DEPTH + " deep");
        }
        return switch (event) {
            case START_OBJECT -> object(parser, depth + 1, strict);
            case START_ARRAY -> array(parser, depth + 1, strict);
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER -> number(parser);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new BadArgument("payload has " + event + " where a value belongs");
        };
    }

    private static Number number(JsonParser parser) {
        BigDecimal number = parser.getBigDecimal();
        boolean isLong = number.scale() == 0 && number.toBigInteger().bitLength() < Long.SIZE;
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
