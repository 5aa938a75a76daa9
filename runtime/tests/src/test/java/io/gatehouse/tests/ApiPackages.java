package io.gatehouse.tests;

import aQute.bnd.header.Attrs;
import aQute.bnd.header.OSGiHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;

/** What the shipped api exports. */
final class ApiPackages {
    private ApiPackages() {}

    /** The jar. */
    static Path jar() {
        return ShippedGateway.bundles().stream()
                .filter(file -> file.getFileName().toString().startsWith("io.gatehouse.api-"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no api in " + ShippedGateway.home()));
    }

    /** Versions by package. */
    static Map<String, String> exported() {
        Map<String, String> packages = new TreeMap<>();
        for (Map.Entry<String, Attrs> one :
                OSGiHeader.parseHeader(header("Export-Package")).entrySet()) {
            packages.put(one.getKey(), one.getValue().getVersion());
        }
        return packages;
    }

    static String header(String name) {
        try (JarFile jar = new JarFile(jar().toFile())) {
            return jar.getManifest().getMainAttributes().getValue(name);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + jar(), e);
        }
    }
}
