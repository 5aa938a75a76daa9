package io.gatehouse.firmware;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What this machine is fed by, as the kernel tells it. */
final class PowerSupply {
    private static final System.Logger LOG = System.getLogger(PowerSupply.class.getName());

    private final Path folder;

    PowerSupply(Path root) {
        this.folder = root.resolve("sys/class/power_supply");
    }

    /** How full the battery is that feeds it, in percent, the emptiest of several; nothing where something else feeds it too, or that is not known. */
    OptionalInt battery() {
        OptionalInt emptiest = OptionalInt.empty();
        for (Path supply : supplies()) {
            if (text(supply, "type").filter("Battery"::equals).isEmpty()) {
                if (text(supply, "online").filter("1"::equals).isPresent()) {
                    return OptionalInt.empty();
                }
            } else if (isOfTheMachine(supply)) {
                int percent = text(supply, "capacity")
                        .filter(text -> text.matches("\\d{1,3}"))
                        .map(Integer::valueOf)
                        .orElse(Integer.MAX_VALUE);
                emptiest = OptionalInt.of(Math.min(percent, emptiest.orElse(percent)));
            }
        }
        return emptiest;
    }

    /** And not a mouse's, nor one that is taken out. */
    private static boolean isOfTheMachine(Path supply) {
        return text(supply, "scope").filter("Device"::equals).isEmpty()
                && text(supply, "present").filter("0"::equals).isEmpty();
    }

    private List<Path> supplies() {
        List<Path> supplies = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            files.forEach(supplies::add);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a machine that does not tell what feeds it", e);
        }
        return supplies;
    }

    private static Optional<String> text(Path supply, String name) {
        try {
            return Optional.of(Files.readString(supply.resolve(name)).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
