package io.gatehouse.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.software.Document;
import io.gatehouse.software.Part;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealTest {
    private static final String POM = "groupId=org.example\nartifactId=%s\nversion=1.2-SNAPSHOT\n";

    @TempDir
    private Path home;

    @BeforeEach
    void folders() throws Exception {
        Files.createDirectories(home.resolve("bundles"));
        Files.createDirectories(home.resolve("conf"));
    }

    private void bundle(String file, Jar jar) throws Exception {
        jar.write(home.resolve("bundles").resolve(file));
    }

    private static Jar embedding(String name, String... artifacts) {
        Jar jar = Jar.bundle(name, "1.2.0.SNAPSHOT");
        for (String artifact : artifacts) {
            jar.entry("META-INF/maven/org.example/" + artifact + "/pom.properties", POM.formatted(artifact));
        }
        return jar;
    }

    private List<String> sealed() throws Exception {
        new Seal(home).write();
        return Image.read(home).parts().stream().map(Part::symbolicName).toList();
    }

    @Test
    void writesWhatTheImageReads() throws Exception {
        bundle("x-1.jar", embedding("x", "x"));
        Path jar = home.resolve("bundles").resolve("x-1.jar");
        assertEquals(List.of("x"), sealed());
        Image image = Image.read(home);
        assertEquals(
                List.of(new Part(
                        "org.example:x:1.2-SNAPSHOT", "x", "1.2.0.SNAPSHOT", Digests.sha256(jar), Files.size(jar))),
                image.under(Document.FACTORY));
        assertEquals(jar, image.jar(Digests.sha256(jar)).orElseThrow());
        assertEquals(Map.of(), image.configurations());
    }

    @Test
    void theBundlesOwnNameDecidesWhoseCoordinatesItHas() throws Exception {
        bundle("1.jar", embedding("y", "embedded", "y"));
        bundle("2.jar", embedding("z", "one", "two"));
        sealed();
        assertEquals(
                List.of("org.example:y:1.2-SNAPSHOT", "z:z:1.2.0.SNAPSHOT"),
                Image.read(home).parts().stream().map(Part::id).toList());
    }

    @Test
    void theSameJarsGiveTheSameBytes() throws Exception {
        bundle("2.jar", Jar.bundle("a", "1"));
        bundle("1.jar", Jar.bundle("b", "1"));
        sealed();
        String first = Files.readString(home.resolve("conf/factory.json"));
        Files.delete(home.resolve("bundles/2.jar"));
        bundle("2.jar", Jar.bundle("a", "1"));
        sealed();
        assertEquals(first, Files.readString(home.resolve("conf/factory.json")));
    }

    @Test
    void startOrderGoesFirstAndNamesBehindIt() throws Exception {
        for (String name : List.of("a", "b", "c", "d")) {
            bundle(name + ".jar", Jar.bundle(name, "1"));
        }
        Files.writeString(home.resolve("conf/start-order"), "# these first\nd # the last\n\n b\n");
        assertEquals(List.of("d", "b", "a", "c"), sealed());
    }

    @Test
    void takesTheImagesConfigurationsAlong() throws Exception {
        Files.writeString(home.resolve("conf/configurations.json"), "{\"pid\":{\"x\":1}}");
        sealed();
        assertEquals(Map.of("pid", Map.of("x", 1L)), Image.read(home).configurations());
    }

    @Test
    void namesWhatCannotBeSealed() throws Exception {
        Files.writeString(home.resolve("conf/start-order"), "nobody\n");
        assertTrue(refusal().contains("nobody"));
        Files.delete(home.resolve("conf/start-order"));
        bundle("1.jar", Jar.bundle("a", "1"));
        bundle("2.jar", Jar.bundle("a;singleton:=true", "2"));
        assertTrue(refusal().contains("1.jar") && refusal().contains("2.jar"));
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(home.resolve("bundles/2.jar")))) {
            out.putNextEntry(new java.util.zip.ZipEntry("x"));
        }
        assertTrue(refusal().contains("2.jar is no bundle"));
    }

    @Test
    void anImageThatIsNotSealedSaysHowToDoIt() {
        Misuse refused = assertThrows(Misuse.class, () -> Image.read(home));
        assertTrue(refused.getMessage().contains("gatehouse-gateway seal --home " + home), refused.getMessage());
    }

    private String refusal() {
        return assertThrows(Misuse.class, () -> new Seal(home).write()).getMessage();
    }
}
