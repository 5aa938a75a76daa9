package io.gatehouse.collector.network;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One network interface, as {@code /sys/class/net} has it.
 *
 * @param isUp switched on, and as far as the driver knows connected
 * @param mac six bytes, lower case, with colons
 */
record Link(String name, boolean isUp, boolean isLoopback, int mtu, Optional<String> mac) {
    private static final int UP = 0x1;
    private static final int LOOPBACK = 0x8;
    private static final String NO_MAC = "00:00:00:00:00:00";

    /** All there are, by name. */
    static List<Link> all(Path root) throws IOException {
        List<Link> links = new ArrayList<>();
        try (DirectoryStream<Path> found =
                Files.newDirectoryStream(root.resolve("sys/class/net"), Files::isDirectory)) {
            for (Path folder : found) {
                read(folder).ifPresent(links::add);
            }
        }
        links.sort(Comparator.comparing(Link::name));
        return links;
    }

    /** Nothing where it went meanwhile. */
    private static Optional<Link> read(Path folder) {
        try {
            int flags = Integer.decode(text(folder, "flags"));
            String state = text(folder, "operstate");
            boolean isUp = (flags & UP) != 0 && (state.equals("up") || state.equals("unknown"));
            int mtu = Integer.parseInt(text(folder, "mtu"));
            Optional<String> mac = Optional.of(text(folder, "address"))
                    .filter(address -> !address.isEmpty() && !address.equals(NO_MAC));
            return Optional.of(new Link(folder.getFileName().toString(), isUp, (flags & LOOPBACK) != 0, mtu, mac));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static String text(Path folder, String name) throws IOException {
        return Files.readString(folder.resolve(name)).strip();
    }
}
