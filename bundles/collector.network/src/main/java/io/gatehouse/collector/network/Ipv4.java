package io.gatehouse.collector.network;

import io.gatehouse.api.telemetry.Collector;
import io.gatehouse.api.telemetry.Publishes;
import io.gatehouse.api.telemetry.Reading;
import java.io.IOException;
import java.net.Inet4Address;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The interfaces with their IPv4 addresses, the default routes and the name servers. */
@Component
@Publishes(topic = "network/ipv4", period = "PT10S", onChange = true)
@Config
public final class Ipv4 implements Collector {
    private final Path root;
    private final ByteOrder order;
    private final Family family;

    @Activate
    public Ipv4(Config config) {
        this(Path.of("/"), Address::ofThisMachine, config.loopback(), ByteOrder.nativeOrder());
    }

    Ipv4(Path root, Address.Source addresses, boolean hasLoopback, ByteOrder order) {
        this.root = root;
        this.family = new Family(Inet4Address.class, root, addresses, hasLoopback);
        this.order = order;
    }

    @Override
    public Reading read() throws IOException {
        List<String> nameServers = NameServers.read(root).stream()
                .filter(server -> !NameServers.isV6(server))
                .toList();
        return family.read(Routes.v4(root.resolve("proc/net/route"), order), nameServers);
    }
}
