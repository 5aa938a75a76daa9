package com.example.modbus;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads registers as a configuration has them, for example {@code "power input 12 int32 scale=0.1 unit=W words=low-first"}. */
final class RegisterParser {
    private static final String FORM =
            "<name> <holding|input> <address> <type> [scale=<number>] [unit=<unit>] [words=<high-first|low-first>]";

    private RegisterParser() {}

    /**
     * Reads a list of them.
     *
     * @throws IllegalArgumentException where one will not do, its name is there twice, or there is none; the message names it and what would do
     */
    static List<Register> parse(String[] texts) {
        if (texts.length == 0) {
            throw new IllegalArgumentException("registers are missing: a list of \"" + FORM + "\"");
        }
        Map<String, Register> registers = new LinkedHashMap<>();
        for (String text : texts) {
            try {
                Register register = register(text.trim().split("\\s+"));
                if (registers.putIfAbsent(register.name(), register) != null) {
                    throw new IllegalArgumentException("another is named " + register.name() + " already");
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("registers: \"" + text + "\": " + e.getMessage(), e);
            }
        }
        return List.copyOf(registers.values());
    }

    private static Register register(String[] words) {
        if (words.length < 4) {
            throw new IllegalArgumentException("it must be " + FORM);
        }
        BigDecimal scale = BigDecimal.ONE;
        String unit = "";
        boolean isLowFirst = false;
        for (String option : Arrays.asList(words).subList(4, words.length)) {
            String value = option.substring(option.indexOf('=') + 1);
            switch (option.substring(0, option.length() - value.length())) {
                case "scale=" -> scale = scale(value);
                case "unit=" -> unit = value;
                case "words=" -> isLowFirst = oneOf("words", List.of("high-first", "low-first"), value) == 1;
                default -> throw new IllegalArgumentException("an option is scale=, unit= or words=: " + option);
            }
        }
        Table table = Table.values()[oneOf("table", names(Table.values()), words[1])];
        Type type = Type.values()[oneOf("type", names(Type.values()), words[3])];
        return new Register(words[0], table, address(words[2]), type, isLowFirst, scale, unit);
    }

    private static int address(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the address must be a whole number: " + text, e);
        }
    }

    private static BigDecimal scale(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("scale must be a number such as 0.1: " + text, e);
        }
    }

    private static List<String> names(Enum<?>[] all) {
        return Arrays.stream(all)
                .map(one -> one.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    /** Which of these it is. */
    private static int oneOf(String what, List<String> names, String text) {
        int at = names.indexOf(text);
        if (at < 0) {
            throw new IllegalArgumentException(what + " must be one of " + String.join(", ", names) + ": " + text);
        }
        return at;
    }
}
