package io.gatehouse.tasks.network;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What whoever is near makes two programs write. */
public final class WifiScanFuzz {
    private static final int MOST = 256;

    private WifiScanFuzz() {}

    /** Reads it as each of them, with a beginning of its own so that there is something. */
    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        check(IwScan.read("BSS 02:00:5e:10:00:01(on wlan0)\n\tSSID: " + text, MOST));
        check(IwinfoScan.read("Cell 01 - Address: 02:00:5E:10:00:01\n          ESSID: \"" + text, MOST));
    }

    private static void check(List<WifiNetwork> networks) {
        if (networks.isEmpty() || networks.size() > MOST) {
            throw new AssertionError(networks.size() + " networks");
        }
        for (WifiNetwork network : networks) {
            if (network.ssid().chars().anyMatch(Character::isISOControl)) {
                throw new AssertionError(network + " is passed on");
            }
        }
    }
}
