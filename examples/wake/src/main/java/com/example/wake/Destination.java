package com.example.wake;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/** Where a packet goes that all machines of a network are to get. */
final class Destination {
    private static final String EVERYWHERE = "255.255.255.255";
    private static final String ADDRESS = "\\d{1,3}(\\.\\d{1,3}){3}";

    private Destination() {}

    /**
     * What the arguments {@code broadcast} or {@code interface} name; without both, whatever network the machine's routes lead to.
     *
     * @throws BadArgument where one will not do, or both are there
     */
    static List<InetAddress> of(Members arguments) throws IOException {
        Optional<String> network = arguments.optionalString("interface");
        if (network.isEmpty()) {
            return List.of(
                    address(arguments, arguments.optionalString("broadcast").orElse(EVERYWHERE)));
        }
        if (arguments.has("broadcast")) {
            throw new BadArgument("broadcast and interface are both there: leave one of them out");
        }
        return broadcasts(arguments, network.get());
    }

    private static InetAddress address(Members arguments, String text) {
        try {
            if (text.matches(ADDRESS)) { // and so no name server is asked
                return InetAddress.getByName(text);
            }
        } catch (UnknownHostException e) {
            throw new BadArgument("broadcast has a number above 255: " + text);
        }
        throw arguments.wrong("broadcast", text, "an IPv4 address such as 192.168.1.255");
    }

    private static List<InetAddress> broadcasts(Members arguments, String name) throws IOException {
        NetworkInterface network = NetworkInterface.getByName(name);
        if (network == null || !network.isUp()) {
            List<String> up = NetworkInterface.networkInterfaces()
                    .filter(one -> one.inetAddresses().anyMatch(Inet4Address.class::isInstance))
                    .map(NetworkInterface::getName)
                    .toList();
            throw arguments.wrong("interface", name, "one that is up, of " + String.join(", ", up));
        }
        List<InetAddress> broadcasts = network.getInterfaceAddresses().stream()
                .map(InterfaceAddress::getBroadcast)
                .filter(Inet4Address.class::isInstance)
                .toList();
        if (broadcasts.isEmpty()) {
            throw arguments.wrong("interface", name, "one with an IPv4 address and a broadcast address");
        }
        return broadcasts;
    }
}
