package io.gatehouse.cli;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A command's arguments as they are typed: {@code host=10.0.0.1 count=3 ipv6=true} and, for whatever else JSON has,
 * {@code ports:=[80,443]}. Numbers, true and false are what they look like; everything else is a string.
 */
final class Arguments {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private Arguments() {}

    static Map<String, Object> parse(List<String> words) throws Trouble {
        Map<String, Object> arguments = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 1 || word.startsWith(":=")) {
                throw usage("not an argument: " + word + "; write name=value, or name:=json");
            }
            boolean json = word.charAt(equals - 1) == ':';
            String name = word.substring(0, json ? equals - 1 : equals);
            String value = word.substring(equals + 1);
            if (arguments.containsKey(name)) {
                throw usage("argument " + name + " is given twice");
            }
            arguments.put(name, json || isLiteral(value) ? json(name, value) : value);
        }
        return arguments;
    }

    private static boolean isLiteral(String value) {
        return value.equals("true")
                || value.equals("false")
                || NUMBER.matcher(value).matches();
    }

    @Nullable
    private static Object json(String name, String value) throws Trouble {
        try {
            Map<String, ?> read = Json.read(("{\"value\":" + value + "}").getBytes(StandardCharsets.UTF_8))
                    .values();
            if (read.size() == 1) {
                return read.get("value");
            }
        } catch (BadArgument e) {
            throw new Trouble(Trouble.Kind.USAGE, "argument " + name + " is not JSON: " + value, e);
        }
        throw usage("argument " + name + " is not JSON: " + value);
    }

    private static Trouble usage(String message) {
        return new Trouble(Trouble.Kind.USAGE, message);
    }
}
