package io.gatehouse.tasks.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads what {@code iw dev … scan} writes. */
final class IwScan {
    private static final Pattern BEGIN = Pattern.compile("BSS ([0-9a-f]{2}(?::[0-9a-f]{2}){5})\\b.*");
    private static final String SUITES = "* Authentication suites: ";

    private final List<WifiNetwork> networks = new ArrayList<>();
    private final int most;
    private String bssid = "";
    private String ssid = "";
    private String section = "";
    private String wpa = "";
    private String rsn = "";
    private boolean isPrivate;
    private Optional<Double> frequency = Optional.empty();
    private Optional<Double> signal = Optional.empty();
    private Optional<Double> channel = Optional.empty();

    private IwScan(int most) {
        this.most = most;
    }

    /**
     * The networks in their order.
     *
     * @param text in ISO 8859-1: what is not ASCII is escaped in it, or does not matter
     * @param most how many at most
     */
    static List<WifiNetwork> read(String text, int most) {
        IwScan scan = new IwScan(most);
        text.lines().forEach(scan::take);
        scan.end();
        return scan.networks;
    }

    private void take(String line) {
        if (line.isEmpty() || line.charAt(0) != '\t') {
            Matcher begin = BEGIN.matcher(line);
            if (line.startsWith("BSS ") && begin.matches()) {
                end();
                bssid = begin.group(1);
            }
            return;
        }
        boolean beginsSection = !line.startsWith("\t\t");
        String words = line.strip();
        if (beginsSection) {
            int colon = words.indexOf(':');
            section = colon < 0 ? "" : words.substring(0, colon);
            field(line.substring(1));
        }
        if (words.startsWith(SUITES)) {
            String suites = words.substring(SUITES.length());
            wpa = section.equals("WPA") ? suites : wpa;
            rsn = section.equals("RSN") ? suites : rsn;
        } else if (words.startsWith("* primary channel: ") && section.equals("HT operation")) {
            channel = number(words.substring("* primary channel: ".length()));
        }
    }

    private void field(String line) {
        String value = line.substring(Math.min(line.length(), section.length() + 1));
        switch (section) {
            case "SSID" -> ssid = value.startsWith(" ") ? value.substring(1) : value;
            case "freq" -> frequency = number(value);
            case "signal" -> signal = number(value);
            case "capability" -> isPrivate = (value + " ").contains(" Privacy ");
            case "DS Parameter set" -> channel = number(value.replace("channel", ""));
            case "WPA" -> wpa = wpa.isEmpty() ? "?" : wpa;
            case "RSN" -> rsn = rsn.isEmpty() ? "?" : rsn;
            default -> {
                // there are many more
            }
        }
    }

    /** What was read of one network is all there is of it. */
    private void end() {
        if (!bssid.isEmpty() && networks.size() < most) {
            networks.add(new WifiNetwork(
                    Ssid.shown(Ssid.unescaped(ssid)),
                    bssid,
                    channel.or(() -> frequency.map(mhz -> (double) WifiChannel.of(mhz)))
                            .map(value -> value.intValue())
                            .filter(value -> value > 0)
                            .map(OptionalInt::of)
                            .orElse(OptionalInt.empty()),
                    frequency.map(mhz -> OptionalLong.of(Math.round(mhz * 1e6))).orElse(OptionalLong.empty()),
                    signal.map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                    security()));
        }
        bssid = "";
        ssid = "";
        section = "";
        wpa = "";
        rsn = "";
        isPrivate = false;
        frequency = Optional.empty();
        signal = Optional.empty();
        channel = Optional.empty();
    }

    private String security() {
        if (wpa.isEmpty() && rsn.isEmpty()) {
            return isPrivate ? "WEP" : "open";
        }
        List<String> versions = new ArrayList<>();
        boolean isThird = rsn.contains("SAE") || rsn.contains("OWE") || rsn.contains("SUITE-B");
        boolean isSecond =
                rsn.contains("PSK") || rsn.replace("802.1X/SUITE-B", "").contains("802.1X") || rsn.equals("?");
        Stream.of(wpa.isEmpty() ? "" : "WPA", isSecond ? "WPA2" : "", isThird ? "WPA3" : "")
                .filter(version -> !version.isEmpty())
                .forEach(versions::add);
        String suites = wpa + " " + rsn;
        List<String> methods = Stream.of("802.1X", "PSK", "SAE", "OWE")
                .filter(suites::contains)
                .toList();
        String version = versions.isEmpty() ? "RSN" : String.join("/", versions);
        return methods.isEmpty() ? version : version + " " + String.join("/", methods);
    }

    /** The number that a text begins with, behind blanks: {@code -64.00 dBm}, {@code 2412}. */
    private static Optional<Double> number(String text) {
        String words = text.strip();
        int end = words.indexOf(' ');
        String number = end < 0 ? words : words.substring(0, end);
        return number.matches("-?\\d{1,9}(\\.\\d{1,9})?") ? Optional.of(Double.parseDouble(number)) : Optional.empty();
    }
}
