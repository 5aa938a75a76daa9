package io.gatehouse.demo;

import io.gatehouse.protocol.Names;
import java.io.IOException;
import java.net.NetworkInterface;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** What this machine is called. */
final class Machine {
    private static final int MAC_BYTES = 6;

    private Machine() {}

    /** The MAC address of the first interface that has one, lower case, with hyphens. */
    static String id() {
        try {
            List<NetworkInterface> interfaces = NetworkInterface.networkInterfaces()
                    .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
                    .toList();
            for (NetworkInterface each : interfaces) {
                byte[] mac = each.getHardwareAddress();
                if (!each.isLoopback() && !each.isVirtual() && mac != null && mac.length == MAC_BYTES) {
                    return HexFormat.ofDelimiter("-").formatHex(mac);
                }
            }
        } catch (IOException e) {
            return name(); // interfaces that cannot be listed are as good as none
        }
        return name();
    }

    private static String name() {
        return Optional.ofNullable(System.getenv("HOSTNAME"))
                .filter(Names::isName)
                .orElse("demo");
    }
}
