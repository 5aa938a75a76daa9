package io.gatehouse.cli.firmware;

import io.gatehouse.cli.fleet.Trouble;
import java.util.Locale;

/**
 * How many failures are too many.
 *
 * @param amount of percent of the devices that came to an end, or of devices
 * @param isShare whether it is percent
 */
public record Bound(double amount, boolean isShare) {
    /**
     * Reads it as people write it: {@code 2%}, {@code 0.5%}, {@code 3}.
     *
     * @throws Trouble if it is none, or one that would never be reached or always
     */
    public static Bound parse(String text) throws Trouble {
        String word = text.strip();
        boolean isShare = word.endsWith("%");
        String number = isShare ? word.substring(0, word.length() - 1).strip() : word;
        if (!number.matches(isShare ? "[0-9]{1,3}(\\.[0-9]{1,3})?" : "[0-9]{1,9}")) {
            throw wrong(text);
        }
        double amount = Double.parseDouble(number);
        if (amount == 0 || (isShare && amount > 100)) {
            throw wrong(text);
        }
        return new Bound(amount, isShare);
    }

    private static Trouble wrong(String text) {
        return new Trouble(
                Trouble.Kind.USAGE,
                "--stop-at-failures must be a share of the devices that came to an end, such as 2%, more than 0 and at"
                        + " most 100, or a number of devices, such as 3: " + text);
    }

    boolean isReachedBy(int failed, int ended) {
        return failed > 0 && (isShare ? failed * 100.0 >= amount * ended : failed >= amount);
    }

    @Override
    public String toString() {
        String number = amount == Math.rint(amount) ? String.valueOf((long) amount) : String.valueOf(amount);
        return number + (isShare ? " %" : "");
    }

    /** So many of so many, in words. */
    static String words(int failed, int ended) {
        return failed + " of " + ended + " that came to an end failed, "
                + String.format(Locale.ROOT, "%.1f", failed * 100.0 / ended) + " %";
    }
}
