package io.gatehouse.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.software.Software;
import jakarta.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.apache.felix.utils.manifest.Clause;
import org.apache.felix.utils.manifest.Parser;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class FrameworkPropertiesTest {
    /** What the system bundle exports must be what the jars on the class path export. */
    @Test
    void exportsThePackagesOfTheJarsInTheirVersions() throws Exception {
        Set<String> truth = new TreeSet<>();
        for (Class<?> type : new Class<?>[] {Software.class, Json.class, LoggerFactory.class}) {
            truth.addAll(exports(type));
        }
        Set<String> ours = new TreeSet<>();
        for (String clause : FrameworkProperties.SYSTEM_PACKAGES.split(",")) {
            String[] items = clause.split(";");
            String version = items[items.length - 1];
            for (int item = 0; item < items.length - 1; item++) {
                ours.add(items[item] + ";" + version);
            }
        }
        assertEquals(truth, ours);
    }

    private static Set<String> exports(Class<?> type) throws Exception {
        Path jar =
                Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        Set<String> exports = new TreeSet<>();
        for (Clause clause : Parser.parseHeader(header(jar))) {
            exports.add(clause.getName() + ";version=" + clause.getAttribute("version"));
        }
        return exports;
    }

    private static String header(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes().getValue("Export-Package");
        }
    }
}
