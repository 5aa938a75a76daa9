package io.gatehouse.deployment;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.protocol.Json;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a configuration as the OSGi Configurator does (OSGi Compendium 8, 150.4): {@code "port:Integer":8080},
 * {@code "hosts:String[]":["a","b"]}, and without a type strings, booleans, Long, Double and arrays of them. An object is
 * kept as its JSON text. Binary values are not read.
 */
final class Values {
    private static final String DIRECTIVE = ":configurator:";
    private static final Set<String> PRIMITIVES =
            Set.of("int", "long", "float", "double", "byte", "short", "char", "boolean");

    private Values() {}

    /**
     * The configuration with values of the types that its keys ask for.
     *
     * @throws BadArgument if a value is none of its type, or the type is unknown
     */
    static Map<String, Object> read(String pid, Map<String, ?> configuration) {
        Map<String, Object> values = new LinkedHashMap<>();
        configuration.forEach((key, value) -> {
            if (!key.startsWith(DIRECTIVE)) {
                String name = name(key);
                values.put(name, value(pid + "." + name, type(key), value));
            }
        });
        return values;
    }

    /** The key without its type. */
    static String name(String key) {
        int colon = key.lastIndexOf(':');
        return colon <= 0 ? key : key.substring(0, colon);
    }

    private static String type(String key) {
        int colon = key.lastIndexOf(':');
        return colon <= 0 ? "" : key.substring(colon + 1);
    }

    private static Object value(String at, String type, @Nullable Object value) {
        if (value == null) {
            throw new BadArgument(at + " is null: leave it out, or give it a value");
        }
        if (type.endsWith("[]")) {
            return array(at, type.substring(0, type.length() - 2), value);
        }
        if (type.equals("Collection")) {
            return collection(at, "", value);
        }
        if (type.startsWith("Collection<") && type.endsWith(">")) {
            return collection(at, type.substring("Collection<".length(), type.length() - 1), value);
        }
        return type.isEmpty() && value instanceof List<?> list ? untyped(at, list) : scalar(at, type, value);
    }

    /** An array whose element type is that of its elements: of strings where they differ. */
    private static Object untyped(String at, List<?> list) {
        String type = "";
        for (Object element : list) {
            String found = defaultType(at, element);
            if (type.isEmpty() || type.equals(found)) {
                type = found;
            } else {
                boolean isNumber = Set.of(type, found).equals(Set.of("Long", "Double"));
                type = isNumber ? "Double" : "String";
            }
        }
        return array(at, type.isEmpty() ? "String" : type, list);
    }

    private static Object array(String at, String type, Object value) {
        List<?> elements = elements(value);
        Object array =
                Array.newInstance(PRIMITIVES.contains(type) ? primitive(type) : boxed(at, type), elements.size());
        for (int i = 0; i < elements.size(); i++) {
            Array.set(array, i, scalar(at + "[" + i + "]", type, elements.get(i)));
        }
        return array;
    }

    private static List<Object> collection(String at, String type, Object value) {
        List<Object> collection = new ArrayList<>();
        for (Object element : elements(value)) {
            collection.add(scalar(at + "[" + collection.size() + "]", type, element));
        }
        return collection;
    }

    private static List<?> elements(Object value) {
        if (!(value instanceof List<?> list)) {
            return List.of(value);
        }
        return list;
    }

    private static Object scalar(String at, String type, @Nullable Object value) {
        if (value == null) {
            throw new BadArgument(at + " is null: leave it out, or give it a value");
        }
        String wanted = type.isEmpty() ? defaultType(at, value) : type;
        String text = text(value);
        try {
            return switch (wanted) {
                case "String" -> text;
                case "Integer", "int" -> new BigDecimal(text).intValueExact();
                case "Long", "long" -> new BigDecimal(text).longValueExact();
                case "Short", "short" -> new BigDecimal(text).shortValueExact();
                case "Byte", "byte" -> new BigDecimal(text).byteValueExact();
                case "Double", "double" -> Double.valueOf(text);
                case "Float", "float" -> Float.valueOf(text);
                case "Boolean", "boolean" -> truth(at, text);
                case "Character", "char" -> character(at, text);
                default -> throw new BadArgument(at + " has the type " + wanted + ", which no configuration value has");
            };
        } catch (ArithmeticException | NumberFormatException e) {
            throw new BadArgument(at + " must be " + wanted + ": " + text);
        }
    }

    private static boolean truth(String at, String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new BadArgument(at + " must be true or false: " + text);
        }
        return text.equals("true");
    }

    private static char character(String at, String text) {
        if (text.length() != 1) {
            throw new BadArgument(at + " must be one character: " + text);
        }
        return text.charAt(0);
    }

    private static String defaultType(String at, @Nullable Object value) {
        if (value instanceof Boolean) {
            return "Boolean";
        }
        if (value instanceof BigDecimal || value instanceof Double || value instanceof Float) {
            return "Double";
        }
        if (value instanceof Number) {
            return "Long";
        }
        if (value instanceof String || value instanceof Map<?, ?>) {
            return "String";
        }
        throw new BadArgument(at + " is of no kind that a configuration has: " + value);
    }

    @SuppressWarnings("unchecked") // JSON objects have no names but strings
    private static String text(Object value) {
        return value instanceof Map<?, ?> map
                ? new String(Json.write((Map<String, ?>) map), StandardCharsets.UTF_8)
                : String.valueOf(value);
    }

    private static Class<?> primitive(String type) {
        return switch (type) {
            case "int" -> int.class;
            case "long" -> long.class;
            case "float" -> float.class;
            case "double" -> double.class;
            case "byte" -> byte.class;
            case "short" -> short.class;
            case "char" -> char.class;
            default -> boolean.class;
        };
    }

    private static Class<?> boxed(String at, String type) {
        return switch (type) {
            case "String" -> String.class;
            case "Integer" -> Integer.class;
            case "Long" -> Long.class;
            case "Short" -> Short.class;
            case "Byte" -> Byte.class;
            case "Double" -> Double.class;
            case "Float" -> Float.class;
            case "Boolean" -> Boolean.class;
            case "Character" -> Character.class;
            default -> throw new BadArgument(at + " has the type " + type + "[], which no configuration value has");
        };
    }
}
