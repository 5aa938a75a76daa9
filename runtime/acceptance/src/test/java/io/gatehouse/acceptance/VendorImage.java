package io.gatehouse.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** An image of a vendor's own: the gateway as it is shipped, with another bundle in the place of one of its own. */
final class VendorImage {
    private VendorImage() {}

    /** Makes one in this folder, which is not there yet: as {@code device-images} does, by copying and sealing anew. */
    static Path with(Path bundle, String symbolicName, String inPlaceOf, Path home)
            throws IOException, InterruptedException {
        Path shipped = GatewayProcess.home();
        try (Stream<Path> files = Files.walk(shipped)) {
            for (Path file : files.toList()) {
                boolean left = file.getFileName().toString().startsWith(inPlaceOf + "-");
                if (!left && !file.toString().endsWith(".jsa")) {
                    Files.copy(file, home.resolve(shipped.relativize(file).toString()));
                }
            }
        }
        Files.copy(bundle, home.resolve("bundles").resolve(bundle.getFileName()));
        Path order = home.resolve("conf/start-order");
        Files.writeString(order, Files.readString(order).replace(inPlaceOf, symbolicName));
        seal(home);
        return home;
    }

    private static void seal(Path home) throws IOException, InterruptedException {
        Process seal = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        home.resolve("lib") + "/*",
                        "io.gatehouse.launcher.Launcher",
                        "seal",
                        "--home",
                        home.toString()))
                .redirectErrorStream(true)
                .start();
        String said = new String(seal.getInputStream().readAllBytes());
        if (!seal.waitFor(1, TimeUnit.MINUTES) || seal.exitValue() != 0) {
            throw new IOException("cannot seal " + home + ": " + said);
        }
    }
}
