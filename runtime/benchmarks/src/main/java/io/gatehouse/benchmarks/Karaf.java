package io.gatehouse.benchmarks;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Apache Karaf minimal with the gateway's own bundles in it, but for those that only the gateway's launcher can serve. */
final class Karaf {
    /** Where Karaf itself starts whatever is installed in it. */
    private static final int START_LEVEL = 80;

    private static final List<String> LEFT_OUT = List.of("io.gatehouse.deployment", "io.gatehouse.software");

    /** On Karaf's class path, as they are on the launcher's. */
    private static final String SHARED = "(io\\.gatehouse\\.software|jakarta\\.json-api|parsson)-.*\\.jar";

    private static final String PACKAGES = "io.gatehouse.software;version=1.0.0, jakarta.json;version=2.1.3, "
            + "jakarta.json.spi;version=2.1.3, jakarta.json.stream;version=2.1.3, ";

    /** Karaf finds a startup bundle by Maven coordinates alone. */
    private static final String VERSION = "1";

    private Karaf() {}

    /** Unpacks it here, and puts the gateway's bundles in. */
    static Path unpack(Path archive, Path home, Path work, URI broker) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(work.resolve("karaf"));
        Running.toItsEnd(
                List.of("tar", "xzf", archive.toString(), "-C", folder.toString(), "--strip-components=1"),
                Map.of(),
                work.resolve("unpack.log"));
        shareLibraries(folder, home);
        settings(folder, work, broker);
        startBundles(folder, home);
        return folder;
    }

    private static void shareLibraries(Path folder, Path home) throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("lib"))) {
            for (Path jar : files.filter(file -> name(file).matches(SHARED)).toList()) {
                Files.copy(jar, folder.resolve("lib/boot").resolve(name(jar)));
            }
        }
        Path config = folder.resolve("etc/config.properties");
        String before = "org.osgi.framework.system.packages.extra = ";
        String text = Files.readString(config);
        if (!text.contains(before)) {
            throw new IOException(config + " does not say which packages come from the class path");
        }
        Files.writeString(config, text.replace(before, before + PACKAGES));
    }

    private static void settings(Path folder, Path work, URI broker) throws IOException {
        Path state = Files.createDirectories(work.resolve("karaf-state"));
        Map<String, String> settings = Map.ofEntries(
                Map.entry("gatehouse.broker", broker.toString()),
                Map.entry("gatehouse.device", Programs.KARAF_DEVICE),
                Map.entry("gatehouse.boot", "00000000000000ff"),
                Map.entry("gatehouse.state", state.toString()),
                Map.entry("gatehouse.artifacts", state.resolve("artifacts").toString()),
                Fleet.root());
        StringBuilder lines = new StringBuilder("\n");
        settings.forEach(
                (name, value) -> lines.append(name).append(" = ").append(value).append('\n'));
        Files.writeString(folder.resolve("etc/custom.properties"), lines, StandardOpenOption.APPEND);
    }

    private static void startBundles(Path folder, Path home) throws IOException {
        Path list = folder.resolve("etc/startup.properties");
        String own = Files.readString(list);
        Path system = folder.resolve("system/io/gatehouse");
        StringBuilder lines = new StringBuilder("\n");
        for (Path bundle : Programs.bundles(home)) {
            String symbolicName = symbolicName(bundle);
            if (LEFT_OUT.contains(symbolicName) || own.contains("/" + symbolicName + "/")) {
                continue;
            }
            Path place = Files.createDirectories(system.resolve(symbolicName).resolve(VERSION));
            Files.copy(bundle, place.resolve(symbolicName + "-" + VERSION + ".jar"));
            lines.append("mvn\\:io.gatehouse/" + symbolicName + "/" + VERSION + " = " + START_LEVEL + "\n");
        }
        Files.writeString(list, lines, StandardOpenOption.APPEND);
    }

    private static String symbolicName(Path bundle) throws IOException {
        try (JarFile jar = new JarFile(new File(bundle.toString()))) {
            return jar.getManifest()
                    .getMainAttributes()
                    .getValue("Bundle-SymbolicName")
                    .split(";", 2)[0];
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
