package io.gatehouse.collector.network;

import io.gatehouse.api.telemetry.Collector;
import io.gatehouse.api.telemetry.Publishes;
import io.gatehouse.api.telemetry.Reading;
import java.io.IOException;
import java.net.Inet6Address;
import java.nio.file.Path;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The interfaces with their IPv6 addresses, the default routes and the name servers. */
@Component
@Publishes(topic = "network/ipv6", period = "PT10S", onChange = true)
@Config
public final class Ipv6 implements Collector {
    private final Path root;
    private final Family family;

    @Activate
    public Ipv6(Config config) {
        this(Path.of("/"), Address::ofThisMachine, config.loopback());
    }

    Ipv6(Path root, Address.Source addresses, boolean hasLoopback) {
        this.root = root;
        this.family = new Family(Inet6Address.class, root, addresses, hasLoopback);
    }

    @Override
    public Reading read() throws IOException {
        List<String> nameServers =
                NameServers.read(root).stream().filter(NameServers::isV6).toList();
        return family.read(Routes.v6(root.resolve("proc/net/ipv6_route")), nameServers);
    }
}
