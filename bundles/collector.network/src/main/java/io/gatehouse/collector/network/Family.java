package io.gatehouse.collector.network;

import io.gatehouse.api.telemetry.Reading;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the interfaces with their addresses of one family are told, its gateways and its name servers. */
final class Family {
    private final Class<? extends InetAddress> type;
    private final Path root;
    private final Address.Source addresses;
    private final boolean hasLoopback;

    /**
     * One family.
     *
     * @param hasLoopback whether the loopback interface is told too
     */
    Family(Class<? extends InetAddress> type, Path root, Address.Source addresses, boolean hasLoopback) {
        this.type = type;
        this.root = root;
        this.addresses = addresses;
        this.hasLoopback = hasLoopback;
    }

    Reading read(List<Gateway> gateways, List<String> nameServers) throws IOException {
        Map<String, List<Address>> byName = addresses.read();
        List<Map<String, Object>> interfaces = new ArrayList<>();
        for (Link link : Link.all(root)) {
            if (hasLoopback || !link.isLoopback()) {
                interfaces.add(line(link, byName.getOrDefault(link.name(), List.of())));
            }
        }
        List<Map<String, Object>> ways = gateways.stream()
                .sorted(Comparator.comparingLong(Gateway::metric).thenComparing(Gateway::link))
                .map(Gateway::line)
                .toList();
        return Reading.of("interfaces", interfaces).with("gateways", ways).with("dns", nameServers);
    }

    private Map<String, Object> line(Link link, List<Address> all) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("name", link.name());
        line.put("up", link.isUp());
        line.put("mtu", link.mtu());
        link.mac().ifPresent(mac -> line.put("mac", mac));
        line.put(
                "addresses",
                all.stream()
                        .filter(address -> type.isInstance(address.address()))
                        .map(Address::line)
                        .sorted(Comparator.comparing(address -> String.valueOf(address.get("address"))))
                        .toList());
        return line;
    }
}
