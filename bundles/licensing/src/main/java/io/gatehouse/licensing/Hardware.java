package io.gatehouse.licensing;

import io.gatehouse.protocol.license.HardwareLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What this machine is made of, as far as the kernel knows numbers of it.
 *
 * @param root the folder that holds {@code sys}
 */
record Hardware(Path root) {
    /** What makers of boards leave in place of a number. */
    private static final Set<String> NO_NUMBERS = Set.of(
            "",
            "0",
            "none",
            "n/a",
            "default string",
            "not specified",
            "not applicable",
            "system serial number",
            "to be filled by o.e.m.",
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "03000200-0400-0500-0006-000700080009");

    /** An address that was burnt in, and not made up at this start ({@code /sys/class/net/<if>/addr_assign_type}). */
    private static final String PERMANENT = "0";

    /** The fingerprints, in the order of their kinds: network interfaces, board, storage, modems. */
    Set<String> fingerprints() {
        Set<String> prints = new TreeSet<>();
        for (Path nic : folders("sys/class/net")) {
            boolean isBurntIn = Files.exists(nic.resolve("device"))
                    && number(nic.resolve("addr_assign_type"), true).equals(Optional.of(PERMANENT));
            add(prints, "mac", isBurntIn ? number(nic.resolve("address"), false) : Optional.empty());
        }
        add(prints, "board", number(path("sys/firmware/devicetree/base/serial-number"), false));
        for (String file : new String[] {"product_uuid", "board_serial", "product_serial"}) {
            add(prints, "board", number(path("sys/class/dmi/id").resolve(file), false));
        }
        for (Path disk : folders("sys/block")) {
            Optional<String> number = number(disk.resolve("device/cid"), false)
                    .or(() -> number(disk.resolve("wwid"), false))
                    .or(() -> number(disk.resolve("device/wwid"), false))
                    .or(() -> number(disk.resolve("serial"), false));
            add(prints, "storage", number);
        }
        for (Path modem : folders("sys/class/usbmisc")) {
            add(prints, "modem", modemNumber(modem));
        }
        return prints;
    }

    /** The interface {@code cdc-wdm0} lies below the modem, which has the number. */
    private static Optional<String> modemNumber(Path modem) {
        if (!String.valueOf(modem.getFileName()).startsWith("cdc-wdm")) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(modem.resolve("device").toRealPath().getParent())
                    .flatMap(usb -> number(usb.resolve("serial"), false));
        } catch (IOException e) {
            return Optional.empty(); // it was pulled out
        }
    }

    private static void add(Set<String> prints, String kind, Optional<String> number) {
        number.ifPresent(value -> prints.add(HardwareLock.fingerprint(kind, value)));
    }

    private Path path(String below) {
        return root.resolve(below);
    }

    private Path[] folders(String below) {
        try (Stream<Path> folders = Files.list(path(below))) {
            return folders.sorted().toArray(Path[]::new);
        } catch (IOException e) {
            return new Path[0]; // a machine without has other numbers
        }
    }

    private static Optional<String> number(Path file, boolean anything) {
        try {
            String text = Files.readString(file).replace("\0", "").strip().toLowerCase(Locale.ROOT);
            return Optional.of(text).filter(number -> anything || !NO_NUMBERS.contains(number));
        } catch (IOException e) {
            return Optional.empty(); // not every machine has every file, and some are for root alone
        }
    }
}
