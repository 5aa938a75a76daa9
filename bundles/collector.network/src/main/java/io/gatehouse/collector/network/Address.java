package io.gatehouse.collector.network;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An address of an interface, and how many of its leading bits are the network's. */
record Address(InetAddress address, int prefix) {
    /** Where addresses come from. */
    @FunctionalInterface
    interface Source {
        /** The addresses by the interface's name. */
        Map<String, List<Address>> read() throws IOException;
    }

    /** The addresses of this machine. Those of an alias are the interface's own too. */
    static Map<String, List<Address>> ofThisMachine() throws IOException {
        Map<String, List<Address>> byName = new HashMap<>();
        for (NetworkInterface found : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            List<Address> addresses = new ArrayList<>();
            for (InterfaceAddress address : found.getInterfaceAddresses()) {
                addresses.add(new Address(address.getAddress(), address.getNetworkPrefixLength()));
            }
            byName.put(found.getName(), addresses);
        }
        return byName;
    }

    Map<String, Object> line() {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("address", Text.of(address));
        line.put("prefix", prefix);
        if (address instanceof Inet6Address six) {
            line.put("scope", scope(six));
        }
        return line;
    }

    private static String scope(Inet6Address address) {
        if (address.isLoopbackAddress()) {
            return "host";
        }
        if (address.isLinkLocalAddress()) {
            return "link";
        }
        return address.isSiteLocalAddress() ? "site" : "global";
    }
}
