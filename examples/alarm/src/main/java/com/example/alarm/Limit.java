package com.example.alarm;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A side of a number.
 *
 * @param isAbove whether what is greater is on that side, or what is less
 */
record Limit(boolean isAbove, double number) {
    private static final Pattern FORM = Pattern.compile("(above|below) (-?\\d+(?:\\.\\d+)?)");

    /**
     * Reads one as a configuration has it, for example {@code above 85}.
     *
     * @param name of the setting, for the message
     * @throws IllegalArgumentException where it is something else
     */
    static Limit read(String name, String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(name + " must be as \"above 85\" or \"below 20\": \"" + text + "\"");
        }
        return new Limit(matcher.group(1).equals("above"), Double.parseDouble(matcher.group(2)));
    }

    boolean covers(double value) {
        return isAbove ? value > number : value < number;
    }

    @Override
    public String toString() {
        return (isAbove ? "above " : "below ")
                + BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }
}
