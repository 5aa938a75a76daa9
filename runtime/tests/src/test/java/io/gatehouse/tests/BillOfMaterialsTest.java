package io.gatehouse.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The bill of materials names all that a device may get, with its license: each jar of the gateway and each engine for firmware, and the libraries
 * that live within our bundles. Each of those has left its {@code pom.properties} there, by which an image's own bill, and tools that look for
 * vulnerabilities, know of it.
 */
final class BillOfMaterialsTest {
    private static final String OURS = "io/gatehouse/";
    private static final String NAMES = "META-INF/maven/";
    private static final String ORIGIN = "/pom.properties";

    @TestFactory
    Stream<DynamicTest> namesEachJarAndAllThatIsWithin() throws IOException {
        Set<String> billed = billed();
        List<Path> jars = jars();
        assertTrue(jars.size() > 30, jars.toString());
        return jars.stream()
                .map(jar -> DynamicTest.dynamicTest(name(jar), () -> {
                    assertTrue(billed.contains(name(jar)), () -> name(jar) + " is not in " + billed);
                    if (name(jar).startsWith("io.gatehouse.")) {
                        check(jar, billed);
                    }
                }));
    }

    private static void check(Path path, Set<String> billed) throws IOException {
        try (JarFile jar = new JarFile(path.toFile())) {
            Set<String> within = libraries(jar);
            assertTrue(billed.containsAll(within), () -> within + " are not all in " + billed);
            Set<String> origins = new TreeSet<>();
            for (ZipEntry entry : Collections.list(jar.entries())) {
                String file = entry.getName();
                if (file.endsWith(".class") && !file.startsWith(OURS)) {
                    origins.add(origin(file));
                }
            }
            assertEquals(within, origins, "what it says that it contains, and where its classes are from");
            assertTrue(jar.stream().noneMatch(entry -> entry.getName().endsWith(".jar")), "it has a jar within");
            Attributes manifest = jar.getManifest().getMainAttributes();
            assertEquals(null, manifest.getValue("Bundle-ClassPath"), "it has more than its own classes");
        }
    }

    /** The libraries that it says are within, each as its name and version. */
    private static Set<String> libraries(JarFile jar) throws IOException {
        Set<String> libraries = new TreeSet<>();
        for (ZipEntry entry : Collections.list(jar.entries())) {
            String file = entry.getName();
            if (file.startsWith(NAMES) && file.endsWith(ORIGIN) && !file.startsWith(NAMES + "io.gatehouse/")) {
                Properties origin = new Properties();
                try (InputStream in = jar.getInputStream(entry)) {
                    origin.load(in);
                }
                libraries.add(origin.getProperty("artifactId") + "-" + origin.getProperty("version"));
            }
        }
        return libraries;
    }

    /** From which library a class within a bundle is: the one on the class path of this test that has it. */
    private static String origin(String file) throws IOException {
        return Collections.list(BillOfMaterialsTest.class.getClassLoader().getResources(file)).stream()
                .map(URL::getPath)
                .map(url -> url.substring(0, url.indexOf("!/")))
                .map(jar -> name(Path.of(jar.substring(jar.indexOf(':') + 1))))
                .filter(name -> !name.startsWith("io.gatehouse."))
                .findFirst()
                .orElse("the library of " + file + ", which is neither in runtime/gateway/pom.xml nor here");
    }

    /** What the bill names, as far as it says a license of it. */
    private static Set<String> billed() throws IOException {
        Path bill = ShippedGateway.home().resolveSibling("gateway.cdx.json");
        try (JsonReader reader = Json.createReader(Files.newBufferedReader(bill))) {
            return reader.readObject().getJsonArray("components").getValuesAs(JsonObject.class).stream()
                    .filter(component -> component.containsKey("licenses"))
                    .map(component -> component.getString("name") + "-" + component.getString("version"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static List<Path> jars() throws IOException {
        Path home = ShippedGateway.home();
        try (Stream<Path> libraries = Files.list(home.resolve("lib"));
                Stream<Path> engines = Files.list(home.resolveSibling("engines"))) {
            return Stream.of(ShippedGateway.bundles().stream(), libraries, engines)
                    .flatMap(files -> files)
                    .filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private static String name(Path jar) {
        return String.valueOf(jar.getFileName()).replaceFirst("\\.jar$", "");
    }
}
