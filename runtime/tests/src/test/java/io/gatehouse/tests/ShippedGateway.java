package io.gatehouse.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folder that `runtime/gateway` made: what a device gets. */
final class ShippedGateway {
    private ShippedGateway() {}

    static Path home() {
        Path home = Path.of(System.getProperty("gateway.home")).normalize();
        if (!Files.isDirectory(home.resolve("bundles"))) {
            throw new IllegalStateException("no gateway at " + home + ": build runtime/gateway first");
        }
        return home;
    }

    static List<Path> bundles() {
        try (Stream<Path> files = Files.list(home().resolve("bundles"))) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the bundles of " + home(), e);
        }
    }
}
