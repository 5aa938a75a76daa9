package io.gatehouse.tasks.network;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what {@code iwinfo … scan} of OpenWrt writes. It writes names as they are, whatever is in them, so the lines that others chose are told from
 * its own by what does not fit into the 32 bytes of a name: a whole line that begins a network.
 */
final class IwinfoScan {
    private static final Pattern CELL =
            Pattern.compile("(?m)^Cell \\d{2,9} - Address: ([0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5})$");
    private static final String NAME = "ESSID: ";
    private static final Pattern CHANNEL = Pattern.compile("Channel: (\\d{1,3})\\b");
    private static final Pattern FREQUENCY = Pattern.compile("Frequency: (\\d{1,3})\\.(\\d{3}) GHz");
    private static final Pattern SIGNAL = Pattern.compile("Signal: (-\\d{1,3}) dBm");
    private static final Pattern ENCRYPTION =
            Pattern.compile("(?m)^ +Encryption: (?:mixed )?([A-Za-z0-9./ ]{1,60}?)(?: \\(.*)?$");

    private IwinfoScan() {}

    /**
     * The networks in their order.
     *
     * @param text in ISO 8859-1
     * @param most how many at most
     */
    static List<WifiNetwork> read(String text, int most) {
        List<WifiNetwork> networks = new ArrayList<>();
        Matcher cell = CELL.matcher(text);
        boolean isFound = cell.find();
        while (isFound && networks.size() < most) {
            String bssid = cell.group(1).toLowerCase(Locale.ROOT);
            int begin = cell.end();
            isFound = cell.find();
            networks.add(network(bssid, text.substring(begin, isFound ? cell.start() : text.length())));
        }
        return networks;
    }

    private static WifiNetwork network(String bssid, String cell) {
        // the last line of this kind is its own: the name stands before it
        int mode = Math.max(0, cell.lastIndexOf("\n          Mode: "));
        String own = cell.substring(mode);
        int begin = cell.indexOf(NAME);
        String name = begin < 0 || begin > mode ? "" : cell.substring(begin + NAME.length(), mode);
        boolean isNamed = name.length() >= 2 && name.startsWith("\"") && name.endsWith("\"");
        byte[] ssid = (isNamed ? name.substring(1, name.length() - 1) : "").getBytes(StandardCharsets.ISO_8859_1);
        Optional<Integer> channel = group(CHANNEL, own).map(Integer::valueOf);
        return new WifiNetwork(
                Ssid.shown(ssid),
                bssid,
                channel.map(OptionalInt::of).orElse(OptionalInt.empty()),
                frequency(own, channel),
                group(SIGNAL, own)
                        .map(dbm -> OptionalDouble.of(Double.parseDouble(dbm)))
                        .orElse(OptionalDouble.empty()),
                group(ENCRYPTION, own)
                        .map(text -> text.equals("none") ? "open" : text)
                        .orElse("unknown"));
    }

    /** In Hz: newer ones write it, of older ones it follows from the channel. */
    private static OptionalLong frequency(String own, Optional<Integer> channel) {
        Matcher matcher = FREQUENCY.matcher(own);
        if (matcher.find()) {
            long mhz = Long.parseLong(matcher.group(1)) * 1000 + Long.parseLong(matcher.group(2));
            return OptionalLong.of(mhz * 1_000_000);
        }
        int mhz = channel.map(WifiChannel::mhz).orElse(0);
        return mhz == 0 ? OptionalLong.empty() : OptionalLong.of(mhz * 1_000_000L);
    }

    private static Optional<String> group(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.ofNullable(matcher.group(1)) : Optional.empty();
    }
}
