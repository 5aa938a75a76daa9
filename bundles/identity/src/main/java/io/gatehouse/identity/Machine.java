package io.gatehouse.identity;

import io.gatehouse.api.artifact.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What tells this machine from its sisters.
 *
 * @param root the folder that holds {@code sys} and {@code etc}
 */
record Machine(Path root) {
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}");
    private static final String NO_ADDRESS = "00:00:00:00:00:00";
    /** So much of a digest tells any two machines of a fleet apart. */
    private static final int DIGITS = 16;

    private record Interface(boolean physical, long index, String address) {}

    /**
     * The MAC address of the first physical interface, lower case, with hyphens; without one that of the first interface that has
     * an address; without one a digest of the machine id, which itself is not to be shown around (machine-id(5)).
     */
    Optional<String> id() {
        return interfaces().stream()
                .min(Comparator.comparing((Interface found) -> !found.physical())
                        .thenComparing(Interface::index))
                .map(found -> found.address().replace(':', '-'))
                .or(() -> read(root.resolve("etc/machine-id")).map(Machine::digest));
    }

    private List<Interface> interfaces() {
        try (Stream<Path> folders = Files.list(root.resolve("sys/class/net"))) {
            return folders.flatMap(folder -> readInterface(folder).stream()).toList();
        } catch (IOException e) {
            return List.of(); // a machine without sysfs has another id
        }
    }

    private static Optional<Interface> readInterface(Path folder) {
        return read(folder.resolve("address"))
                .filter(address -> ADDRESS.matcher(address).matches() && !address.equals(NO_ADDRESS))
                .map(address -> new Interface(Files.exists(folder.resolve("device")), index(folder), address));
    }

    private static long index(Path folder) {
        return read(folder.resolve("ifindex"))
                .filter(text -> text.matches("[0-9]{1,18}"))
                .map(Long::parseLong)
                .orElse(Long.MAX_VALUE);
    }

    private static String digest(String machineId) {
        byte[] bytes = ("gatehouse " + machineId).getBytes(StandardCharsets.UTF_8);
        return "machine-" + Sha256.of(bytes).hex().substring(0, DIGITS);
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty());
        } catch (IOException e) {
            return Optional.empty(); // not every interface has every file
        }
    }
}
