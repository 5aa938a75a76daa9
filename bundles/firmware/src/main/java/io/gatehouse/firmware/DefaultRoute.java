package io.gatehouse.firmware;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** By which interface this machine reaches the world, as the kernel tells it: by IPv4, else by IPv6. */
final class DefaultRoute {
    private static final System.Logger LOG = System.getLogger(DefaultRoute.class.getName());
    private static final String NONE = "0".repeat(32);

    private final Path root;

    DefaultRoute(Path root) {
        this.root = root;
    }

    /** The interface's name, for example {@code wwan0}; of several the one with the lowest metric. */
    Optional<String> interfaceName() {
        return lowest("proc/net/route", 8, DefaultRoute::ipv4)
                .or(() -> lowest("proc/net/ipv6_route", 10, DefaultRoute::ipv6));
    }

    private record Route(String interfaceName, long metric) {}

    /** Reads a line of a table. */
    @FunctionalInterface
    private interface Reading {
        Optional<Route> read(String[] fields);
    }

    /** Columns: interface, destination, gateway, flags, count, use, metric, mask; numbers in hex but for the metric. */
    private static Optional<Route> ipv4(String[] fields) {
        boolean isDefault = fields[1].equals("00000000") && fields[7].equals("00000000");
        return isDefault ? Optional.of(new Route(fields[0], Long.parseLong(fields[6]))) : Optional.empty();
    }

    /** Columns: destination, its prefix, source, its prefix, gateway, metric, count, use, flags, interface; numbers in hex. */
    private static Optional<Route> ipv6(String[] fields) {
        boolean isDefault = fields[0].equals(NONE) && fields[1].equals("00") && !fields[9].equals("lo");
        return isDefault ? Optional.of(new Route(fields[9], Long.parseLong(fields[5], 16))) : Optional.empty();
    }

    private Optional<String> lowest(String table, int columns, Reading reading) {
        Optional<Route> lowest = Optional.empty();
        for (String line : lines(root.resolve(table))) {
            String[] fields = line.strip().split("\\s+");
            if (fields.length < columns || fields[0].equals("Iface")) {
                continue;
            }
            Optional<Route> route = reading.read(fields);
            if (route.isPresent()
                    && (lowest.isEmpty() || route.get().metric() < lowest.get().metric())) {
                lowest = route;
            }
        }
        return lowest.map(Route::interfaceName);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a machine without such routes", e);
            return List.of();
        }
    }
}
