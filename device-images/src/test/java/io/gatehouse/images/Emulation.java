package io.gatehouse.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A Java for another processor, on this one. */
final class Emulation {
    private Emulation() {}

    /**
     * From now on this Java is run by qemu, whoever starts it.
     *
     * @param java the program
     * @param system the root whose C library it takes
     * @param emulator of /usr/bin, for example qemu-arm-static
     */
    static void of(Path java, Path system, String emulator) throws IOException {
        Path real = Files.move(java, java.resolveSibling("java.real"));
        // What is compiled well is emulated as badly as what is compiled at once.
        Files.writeString(
                java,
                "#!/bin/sh\nexec /usr/bin/" + emulator + " -L '" + system + "' '" + real
                        + "' -XX:TieredStopAtLevel=1 \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
