package io.gatehouse.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Version;

class JarTest {
    @TempDir
    Path folder;

    private TestJars jars;

    @BeforeEach
    void open() {
        jars = new TestJars(folder);
    }

    @Test
    void readsABundle() throws Exception {
        Jar jar = Jar.verify("test:app:1", jars.bundle("acme.app;singleton:=true", "1.2.3.q"));
        assertEquals("acme.app", jar.symbolicName());
        assertEquals(new Version(1, 2, 3, "q"), jar.version());
    }

    @Test
    void refusesAFileThatEndsTooEarly() throws IOException {
        Path whole = jars.bundle("acme.app", "1.0.0");
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = Files.write(folder.resolve("cut.jar"), Arrays.copyOf(bytes, bytes.length - 10));
        Refused refused = assertThrows(Refused.class, () -> Jar.verify("test:app:1", cut));
        assertEquals("truncated-jar", refused.problem().type());
        assertTrue(refused.problem().detail().startsWith("test:app:1 "), refused.getMessage());
    }

    @Test
    void refusesADamagedEntry() throws IOException {
        byte[] noise = new byte[5000];
        new Random(1).nextBytes(noise);
        Path file = jars.jar(
                Map.of("Bundle-ManifestVersion", "2", "Bundle-SymbolicName", "acme.app"), Map.of("noise", noise));
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("noise");
        bytes[at + 2000] ^= 1;
        Files.write(file, bytes);
        assertEquals("truncated-jar", refusal(file));
    }

    @Test
    void refusesAFewBytesThatBecomeVeryMany() throws IOException {
        Path bomb = jars.bundle("acme.app", "1.0.0");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bomb))) {
            byte[] zeros = new byte[1 << 20];
            for (int entry = 0; entry < 2; entry++) {
                zip.putNextEntry(new ZipEntry("zeros" + entry));
                for (int i = 0; i < 200; i++) {
                    zip.write(zeros);
                }
                zip.closeEntry();
            }
        }
        assertTrue(Files.size(bomb) < 1 << 20);
        assertEquals("too-large", refusal(bomb));
    }

    @Test
    void refusesAPlainJar() throws IOException {
        assertEquals("not-a-bundle", refusal(jars.jar(Map.of(), Map.of())));
        assertEquals(
                "not-a-bundle", refusal(jars.jar(Map.of("Bundle-ManifestVersion", "2"), Map.of("a", new byte[1]))));
    }

    @Test
    void refusesAVersionThatIsNone() throws IOException {
        assertEquals("not-a-bundle", refusal(jars.bundle("acme.app", "one")));
    }

    @Test
    void refusesAnExtensionOfTheFramework() throws IOException {
        assertEquals(
                "part-of-the-runtime",
                refusal(jars.bundle("acme.ext", "1.0.0", "Fragment-Host", "system.bundle;extension:=framework")));
    }

    @Test
    void findsHeadersAsTheFrameworkDoesInWhateverLetters() throws Exception {
        assertEquals(
                "part-of-the-runtime",
                refusal(jars.bundle("acme.ext", "1.0.0", "fragment-host", "system.bundle;extension:=framework")));
        Jar jar = Jar.verify("test:app:1", jars.bundle("acme.app", "1.0.0", "PROVIDE-CAPABILITY", "acme.x"));
        assertEquals(1, jar.resource().getCapabilities("acme.x").size());
    }

    @Test
    void refusesWhatCarriesAllBundlesAndNamesTheRuntimeSlot() throws IOException {
        for (String name : List.of("org.apache.felix.framework", "io.gatehouse.software", "slf4j.api")) {
            Path jar = jars.bundle(name, "9.0.0");
            Problem problem = assertThrows(Refused.class, () -> Jar.verify("test:app:1", jar))
                    .problem();
            assertEquals("part-of-the-runtime", problem.type());
            assertTrue(problem.detail().contains("runtime slot at desired/runtime"), problem.detail());
        }
    }

    private static String refusal(Path file) {
        return assertThrows(Refused.class, () -> Jar.verify("test:app:1", file))
                .problem()
                .type();
    }
}
