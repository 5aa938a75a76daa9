package io.gatehouse.cli.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.cli.Jars;
import io.gatehouse.protocol.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FeatureFileTest {
    @TempDir
    private Path folder;

    @Test
    void takesMavensIdAndTheDigestOfTheFile() throws IOException, Trouble {
        Path jar = Jars.jar(
                file("a.jar"),
                Map.of("Bundle-SymbolicName", "com.acme.a;singleton:=true"),
                Map.ofEntries(Jars.pom("com.acme", "a-bundle", "1.0-SNAPSHOT")));
        FeatureFile feature = read(Optional.empty(), jar);
        Feature.Bundle bundle = feature.feature().bundles().get(0);
        assertEquals("com.acme:a-bundle:1.0-SNAPSHOT", bundle.id());
        assertEquals(Sha256.of(jar), bundle.artifact().sha256());
        assertEquals(Files.size(jar), bundle.artifact().size());
        assertEquals("a-bundle", feature.name());
        assertEquals("com.acme:a-bundle:1.0-SNAPSHOT", feature.feature().id());
        assertEquals(Map.of(Sha256.of(jar), jar), feature.files());
    }

    @Test
    void takesTheManifestsNamesWhereMavenSaysNothing() throws IOException, Trouble {
        Path jar = Jars.bundle(file("a.jar"), "com.acme.modbus", "2.0.0.qualifier");
        assertEquals(
                "com.acme:com.acme.modbus:2.0.0.qualifier",
                read(Optional.empty(), jar).feature().id());
    }

    @Test
    void takesTheOwnPomOfABundleThatEmbedsOthers() throws IOException, Trouble {
        Path jar = Jars.jar(
                file("a.jar"),
                Map.of("Bundle-SymbolicName", "modbus"),
                Map.ofEntries(Jars.pom("org.other", "embedded", "9"), Jars.pom("com.acme", "modbus", "1")));
        assertEquals(
                "com.acme:modbus:1",
                read(Optional.empty(), jar).feature().bundles().get(0).id());
    }

    @Test
    void makesOneFeatureOfSeveralJarsUnderTheGivenName() throws IOException, Trouble {
        Path a = Jars.bundle(file("a.jar"), "com.acme.a", "1.0.0");
        Path b = Jars.bundle(file("b.jar"), "com.acme.b", "2.0.0");
        FeatureFile feature = read(Optional.of("both"), a, b);
        assertEquals("com.acme:both:1.0.0", feature.feature().id());
        assertEquals(2, feature.feature().bundles().size());
        assertTrue(trouble(Optional.empty(), a, b).contains("--name"));
    }

    @Test
    void namesTheFileThatIsNoBundle() throws IOException {
        Path plain = Jars.jar(file("plain.jar"), Map.of(), Map.of("a", "b"));
        assertTrue(trouble(Optional.empty(), plain).startsWith(plain + " is not an OSGi bundle"));
        Path text = Files.writeString(file("text.jar"), "no zip");
        assertTrue(trouble(Optional.empty(), text).startsWith("cannot read " + text + " as a JAR file"));
        assertEquals("no such file: missing.jar", trouble(Optional.empty(), Path.of("missing.jar")));
    }

    @Test
    void refusesTwoFilesOfOneSymbolicName() throws IOException {
        Path a = Jars.bundle(file("a.jar"), "com.acme.a", "1.0.0");
        Path b = Jars.bundle(file("b.jar"), "com.acme.a", "2.0.0");
        assertEquals(a + " and " + b + " are both com.acme.a: leave one out", trouble(Optional.of("both"), a, b));
    }

    @Test
    void completesAFeatureFileFromTheJarsBesideIt() throws IOException, Trouble {
        Path jar = Jars.bundle(file("a.jar"), "com.acme.a", "1.0.0");
        Path json = Files.writeString(file("feature.json"), """
                {"id":"com.acme:site:3","description":"kept","bundles":["com.acme:com.acme.a:1.0.0"],
                 "configurations":{"com.acme.a":{"x:Integer":1}}}""");
        FeatureFile feature = read(Optional.empty(), json);
        assertEquals("site", feature.name());
        assertEquals("kept", feature.spec().get("description"));
        assertEquals(
                Sha256.of(jar), feature.feature().bundles().get(0).artifact().sha256());
        assertEquals(List.of(), feature.unserved());
    }

    @Test
    void namesWhatAFeatureFileLacks() throws IOException, Trouble {
        Path json = Files.writeString(file("feature.json"), "{\"id\":\"a:b:1\",\"bundles\":[\"a:c:1\"]}");
        assertTrue(trouble(Optional.empty(), json).startsWith("a:c:1 has no sha256"));
        Files.writeString(json, "{\"bundles\":[]}");
        assertEquals(json + " is not an OSGi feature: id is missing", trouble(Optional.empty(), json));
        Files.writeString(
                json,
                "{\"id\":\"a:b:1\",\"bundles\":[{\"id\":\"a:c:1\",\"size\":5,\"sha256\":\"" + "0".repeat(64) + "\"}]}");
        assertEquals(List.of("a:c:1"), read(Optional.empty(), json).unserved());
    }

    @Test
    void refusesAJarThatTheFeatureFileDoesNotList() throws IOException {
        Path jar = Jars.bundle(file("a.jar"), "com.acme.a", "1.0.0");
        Path json = Files.writeString(file("feature.json"), "{\"id\":\"a:b:1\",\"bundles\":[]}");
        assertTrue(trouble(Optional.empty(), json, jar).startsWith(json + " does not list com.acme:com.acme.a:1.0.0"));
    }

    @Test
    void refusesAFileThatAsksForNothing() throws IOException {
        Path json = Files.writeString(file("feature.json"), "{\"id\":\"a:b:1\",\"bundels\":[]}");
        assertTrue(
                trouble(Optional.empty(), json)
                        .startsWith(json + " has neither \"bundles\" nor \"configurations\", but [id, bundels]"),
                trouble(Optional.empty(), json));
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    private static FeatureFile read(Optional<String> name, Path... files) throws Trouble {
        return FeatureFile.read(List.of(files), name);
    }

    private static String trouble(Optional<String> name, Path... files) {
        return assertThrows(Trouble.class, () -> read(name, files)).getMessage();
    }
}
