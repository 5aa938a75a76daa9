package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.ArtifactRequest;
import io.gatehouse.protocol.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.io.TempDir;

/** Whoever has the bytes of a bundle dies while it sends them, again and again. */
final class FaultsOfArtifactsTest {
    private static final int SIZE = 1_300_000;

    @TempDir
    private Path directory;

    @ConcurrentTest
    void fetchesOverMqttThoughTheServerDiesAtEachTenth() throws Exception {
        try (Site site = Site.in(directory).begin()) {
            site.suffers(Fault.ARTIFACT_MQTT, moment -> {
                Path large = large("mqtt", moment);
                Feature.Bundle bundle =
                        new Feature.Bundle(Bundles.id(large), site.operator().serve(large));
                int mark = site.operator().mark();
                Deaths deaths =
                        site.operator().dyingAtEachTenth(bundle.artifact().sha256());
                assertApplied(site, bundle);
                assertEquals(9, deaths.count());
                // Of the last tenth it asks for no more than that.
                List<Operator.Heard> asked =
                        site.operator().since(mark, heard -> heard.topic().equals(site.device() + "/artifact/get"));
                long last = ArtifactRequest.read(asked.get(asked.size() - 1).payload())
                        .offset();
                assertTrue(last >= bundle.artifact().size() * 8 / 10, () -> last + " of " + bundle.artifact());
            });
        }
    }

    @ConcurrentTest
    void fetchesOverHttpThoughTheServerDiesAtEachTenth() throws Exception {
        try (Site site = Site.in(directory).begin()) {
            site.suffers(Fault.ARTIFACT_HTTP, moment -> {
                Path large = large("http", moment);
                try (DyingServer server = new DyingServer(Files.readAllBytes(large))) {
                    Artifact artifact = new Artifact(Sha256.of(large), Files.size(large), Optional.of(server.url()));
                    assertApplied(site, new Feature.Bundle(Bundles.id(large), artifact));
                    assertEquals(9, server.deaths());
                    // Each time from further on: what was here was not sent again.
                    assertEquals(server.begins().stream().distinct().sorted().toList(), server.begins());
                }
            });
        }
    }

    private static void assertApplied(Site site, Feature.Bundle bundle) {
        String topic = site.device() + "/desired/feature/large";
        Feature feature = new Feature("com.acme:large:1", List.of(bundle), Map.of());
        Members end =
                site.operator().ended(site.device(), topic, site.operator().desire(site.device(), "large", feature));
        assertEquals(
                "applied",
                end.string("state"),
                () -> end.values() + "\n" + site.gateway().log());
    }

    /** A bundle with much in it that cannot be packed. */
    private Path large(String name, int version) throws IOException {
        Path work = Files.createTempDirectory(directory, "large");
        Path small = new Bundles(work).collector(name, version + ".0.0");
        Path large = work.resolve("large.jar");
        byte[] noise = new byte[SIZE];
        new Random(version).nextBytes(noise);
        try (JarInputStream in = new JarInputStream(Files.newInputStream(small));
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(large), in.getManifest())) {
            for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                out.putNextEntry(new JarEntry(entry.getName()));
                in.transferTo(out);
            }
            out.putNextEntry(new JarEntry("noise"));
            out.write(noise);
        }
        return large;
    }
}
