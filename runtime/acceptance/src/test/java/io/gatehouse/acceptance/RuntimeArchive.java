package io.gatehouse.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The shipped gateway as the archive of a runtime slot, with something about it changed. */
final class RuntimeArchive {
    private static final Path OTHER_FRAMEWORK = Path.of("target/other-framework/org.apache.felix.framework-7.0.3.jar")
            .toAbsolutePath();

    private final Map<String, byte[]> entries = new TreeMap<>();

    private RuntimeArchive() {}

    static RuntimeArchive shipped() {
        RuntimeArchive archive = new RuntimeArchive();
        Path home = GatewayProcess.home();
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = home.relativize(file).toString();
                if (!name.endsWith(".jsa")) {
                    archive.entries.put(name, Files.readAllBytes(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + home, e);
        }
        return archive;
    }

    /** With another version of the framework: 7.0.3. */
    RuntimeArchive withOtherFramework() throws IOException {
        entries.keySet().removeIf(name -> name.startsWith("lib/org.apache.felix.framework-"));
        return with("lib/" + OTHER_FRAMEWORK.getFileName(), Files.readAllBytes(OTHER_FRAMEWORK));
    }

    /** With this in place of the launcher. */
    RuntimeArchive withLauncher(Path jar) throws IOException {
        entries.keySet().removeIf(name -> name.startsWith("lib/io.gatehouse.launcher-"));
        return with("lib/io.gatehouse.launcher-9.jar", Files.readAllBytes(jar));
    }

    /** With these configurations of its own. */
    RuntimeArchive withConfigurations(String json) {
        String factory = new String(entries.get("conf/factory.json"), StandardCharsets.UTF_8);
        int at = factory.lastIndexOf("\"configurations\":");
        return with(
                "conf/factory.json",
                (factory.substring(0, at) + "\"configurations\":" + json + "}\n").getBytes(StandardCharsets.UTF_8));
    }

    RuntimeArchive with(String name, byte[] bytes) {
        entries.put(name, bytes);
        return this;
    }

    RuntimeArchive without(List<String> names) {
        entries.keySet().removeAll(names);
        return this;
    }

    Path write(Path file) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }
}
