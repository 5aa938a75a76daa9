package io.gatehouse.cli.dev;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.cli.Jars;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Copies of a bundle with versions of their own. */
final class EditionTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"1.2.3, 1.2.3.q", "1.2, 1.2.0.q", "1, 1.0.0.q", "1.2.3.SNAPSHOT, 1.2.3.SNAPSHOT-q", "'', 0.0.0.q"})
    void hasAVersionOfItsOwn(String version, String edition) {
        assertEquals(edition, Edition.version(version, "q"));
    }

    @Test
    void replacesAClassAndKeepsTheRest() throws IOException {
        Path bundle = Jars.jar(
                folder.resolve("a.jar"),
                Map.of("Bundle-SymbolicName", "a", "Bundle-Version", "1.0.0", "Service-Component", "OSGI-INF/a.xml"),
                Map.of("a/A.class", "old", "OSGI-INF/a.xml", "<component/>"));
        Edition edition = Edition.write(bundle, "q", Map.of("a/A.class", new byte[] {1}), folder.resolve("b.jar"));
        try (JarFile jar = new JarFile(edition.file().toFile())) {
            assertEquals("1.0.0.q", jar.getManifest().getMainAttributes().getValue("Bundle-Version"));
            assertEquals("OSGI-INF/a.xml", jar.getManifest().getMainAttributes().getValue("Service-Component"));
            assertEquals("<component/>", text(jar, "OSGI-INF/a.xml"));
            assertArrayEquals(
                    new byte[] {1},
                    jar.getInputStream(jar.getEntry("a/A.class")).readAllBytes());
        }
        assertFalse(edition.wasSigned());
    }

    @Test
    void leavesOutASignatureThatWouldNotHold() throws IOException {
        Path bundle = Jars.jar(
                folder.resolve("a.jar"),
                Map.of("Bundle-SymbolicName", "a"),
                Map.of("META-INF/ACME.SF", "", "META-INF/ACME.EC", "", "META-INF/services/x.Y", "a"));
        Edition edition = Edition.write(bundle, "q", Map.of(), folder.resolve("b.jar"));
        assertTrue(edition.wasSigned());
        try (JarFile jar = new JarFile(edition.file().toFile())) {
            assertNull(jar.getEntry("META-INF/ACME.SF"));
            assertNull(jar.getEntry("META-INF/ACME.EC"));
            assertEquals("a", text(jar, "META-INF/services/x.Y"));
        }
    }

    private static String text(JarFile jar, String entry) throws IOException {
        return new String(jar.getInputStream(jar.getEntry(entry)).readAllBytes());
    }

    @Test
    void readsWhereTheManifestDeclaresThatItPublishes() {
        String header = "osgi.service;objectClass:List<String>=\"a.B,c.D\";uses:=\"a,c\","
                + "io.gatehouse.publishes;topic=\"rain/rain\",io.gatehouse.publishes;x=1;topic:List<String>=\"a/b, c/#\";y=2,"
                + "io.gatehouse.other;topic=no";
        assertEquals(List.of("rain/rain", "a/b", "c/#"), Edition.topics(header));
        assertEquals(List.of(), Edition.topics(null));
    }
}
