package io.gatehouse.tasks.network;

import io.gatehouse.tasks.time.Seconds;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringTokenizer;

/**
 * One step of the way to a host.
 *
 * @param number from 1
 * @param addresses who answered, in their order; several where the way is not always the same
 * @param seconds of each answer
 */
record Hop(int number, List<String> addresses, List<Double> seconds) {
    private static final int MOST = 255;

    Hop {
        addresses = List.copyOf(addresses);
        seconds = List.copyOf(seconds);
    }

    /** What Debian's and busybox's {@code traceroute -n} write: {@code 2  10.0.0.1  0.035 ms * 10.0.0.2  0.003 ms !H}; nothing of any other line. */
    static Optional<Hop> read(String line) {
        StringTokenizer words = new StringTokenizer(line);
        int number = words.hasMoreTokens() ? number(words.nextToken()) : 0;
        if (number < 1 || number > MOST) {
            return Optional.empty();
        }
        Set<String> addresses = new LinkedHashSet<>();
        List<Double> seconds = new ArrayList<>();
        String last = "";
        while (words.hasMoreTokens()) {
            String word = words.nextToken();
            if (word.equals("ms")) {
                try {
                    seconds.add(Seconds.rounded(Double.parseDouble(last) / 1000));
                } catch (NumberFormatException e) {
                    return Optional.empty();
                }
            } else if (isAddress(word)) {
                addresses.add(word);
            }
            last = word;
        }
        return Optional.of(new Hop(number, new ArrayList<>(addresses), seconds));
    }

    /** Whether this address answered. */
    boolean isAt(InetAddress address) {
        return addresses.stream().anyMatch(answered -> {
            try {
                return InetAddress.getByName(answered).equals(address);
            } catch (UnknownHostException e) {
                return false;
            }
        });
    }

    /** As it is reported. */
    Map<String, Object> told() {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("hop", number);
        if (!addresses.isEmpty()) {
            told.put("address", addresses.get(0));
        }
        if (addresses.size() > 1) {
            told.put("others", addresses.subList(1, addresses.size()));
        }
        told.put("rtt", seconds);
        return told;
    }

    /** Where a time has one dot, an IPv4 address has three. */
    private static boolean isAddress(String word) {
        boolean isNumeric =
                word.chars().allMatch(c -> c == '.' || c == ':' || c == '%' || Character.isLetterOrDigit(c));
        return isNumeric
                && (word.indexOf(':') >= 0 || word.chars().filter(c -> c == '.').count() == 3);
    }

    private static int number(String word) {
        try {
            return Integer.parseInt(word);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
