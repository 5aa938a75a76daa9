package io.gatehouse.tasks.network;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A wireless network that was heard.
 *
 * @param ssid its name, as {@link Ssid} shows it; empty where it is hidden
 * @param bssid the access point's address, lower case
 * @param frequency of the channel, in Hz
 * @param signal in dBm
 * @param security {@code open}, {@code WEP}, {@code WPA2 PSK}, {@code WPA2/WPA3 PSK/SAE} …
 */
record WifiNetwork(
        String ssid,
        String bssid,
        OptionalInt channel,
        OptionalLong frequency,
        OptionalDouble signal,
        String security) {
    /** As it is reported; what is not known is absent. */
    Map<String, Object> told() {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("ssid", ssid);
        told.put("bssid", bssid);
        channel.ifPresent(value -> told.put("channel", value));
        frequency.ifPresent(value -> told.put("frequency", value));
        signal.ifPresent(value -> told.put("signal", value));
        told.put("security", security);
        return told;
    }
}
