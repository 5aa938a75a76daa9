package io.gatehouse.tasks.diagnostics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.diagnostics.Diagnostic;
import io.gatehouse.tasks.Asked;
import io.gatehouse.tasks.FolderArtifacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Dictionary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.felix.cm.impl.ConfigurationManager;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.launch.Framework;
import org.osgi.service.cm.ConfigurationAdmin;

/** In the framework, and with the Configuration Admin, that devices run. */
final class DiagnosticsTest {
    @TempDir
    Path folder;

    private Framework felix;
    private BundleContext context;
    private FolderArtifacts artifacts;
    private Contributions contributions;

    @BeforeEach
    void starts() throws Exception {
        felix = new FrameworkFactory()
                .newFramework(Map.of(
                        "org.osgi.framework.storage",
                        folder.resolve("cache").toString(),
                        "org.osgi.framework.system.packages.extra",
                        "org.osgi.service.cm;version=1.6.1",
                        "felix.log.level",
                        "1",
                        "gatehouse.broker",
                        "ssl://planted1:planted-2@broker.example.org:8883",
                        "gatehouse.token",
                        "planted-token-3",
                        "gatehouse.place",
                        "world/asia"));
        felix.start();
        context = felix.getBundleContext();
        context.installBundle(ConfigurationManager.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString())
                .start();
        artifacts = new FolderArtifacts(folder.resolve("artifacts"), 4 << 20);
        contributions = new Contributions(context, Duration.ofMillis(500));
    }

    @AfterEach
    void stops() throws Exception {
        felix.stop();
        felix.waitForStop(TimeUnit.SECONDS.toMillis(10));
    }

    @Test
    void putsIntoOneArchiveWhatHelps() throws Exception {
        Asked asked = Asked.with(Map.of());
        Outcome.Done done = (Outcome.Done) diagnostics(Path.of("/")).handle(asked);
        Map<String, String> files = files(done);
        assertEquals(List.copyOf(files.keySet()), done.result().get("files"));
        assertTrue(files.get("runtime/bundles.txt").contains("active      org.apache.felix.configadmin"));
        assertTrue(files.get("runtime/versions.txt").contains("java.version = " + System.getProperty("java.version")));
        assertTrue(files.get("runtime/properties.txt").contains("gatehouse.place = world/asia\n"));
        assertTrue(files.get("runtime/threads.txt").contains("DiagnosticsTest.putsIntoOneArchiveWhatHelps"));
        assertTrue(files.get("runtime/memory.txt").contains("heap at most, bytes = "));
        assertTrue(files.get("network/addresses.txt").contains("127.0.0.1"));
        assertTrue(files.get("network/traffic.txt").contains("lo:"));
        assertTrue(files.get("system/memory.txt").contains("MemTotal"));
        assertTrue(files.get("system/kernel.txt").startsWith("Linux version"));
        assertTrue(files.containsKey("system/os-release.txt"));
        assertTrue(files.containsKey("problems.txt"));
        assertEquals(0, artifacts.drafts());
        assertEquals(0.0, asked.ratios().get(0));
        assertTrue(asked.ratios().size() > 20);
    }

    @Test
    void hasNoSecretAnywhere() throws Exception {
        ConfigurationAdmin admin = context.getService(context.getServiceReference(ConfigurationAdmin.class));
        admin.getConfiguration("acme.modem", "?")
                .update(properties(Map.of(
                        "password", "planted-password-4",
                        "apn", "internet",
                        "simPin", "planted-pin-5",
                        "apiKeys", new String[] {"planted-key-6", "planted-key-7"},
                        "url", "https://someone:planted-8@example.org/x",
                        "options", "user=x,password=planted-9,retries=3")));
        Path root = folder.resolve("root");
        Files.createDirectories(root.resolve("proc/net"));
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(root.resolve("proc/mounts"), "//nas/x /mnt cifs rw,password=planted-10,vers=3 0 0\n");
        Files.writeString(root.resolve("etc/resolv.conf"), "# set with planted-token-3\nnameserver 10.0.0.1\n");
        Files.createDirectories(root.resolve("proc/self/fd"));
        Files.writeString(folder.resolve("gateway.log"), """
                Authorization: Bearer planted-11
                logged in with planted-password-4
                {"token": "planted-12", "x": 1}
                -----BEGIN PRIVATE KEY-----
                planted-13
                -----END PRIVATE KEY-----
                connected to mqtt://a:planted-14@b
                """);
        Files.createSymbolicLink(root.resolve("proc/self/fd/2"), folder.resolve("gateway.log"));
        contribute("queue.txt", file -> file.write("3 wait; planted-key-7; secret=planted-15".getBytes(UTF_8)));
        contribute("broken.txt", file -> {
            throw new IOException("cannot log in as planted-password-4");
        });

        Map<String, String> files = files((Outcome.Done) diagnostics(root).handle(Asked.with(Map.of())));
        files.forEach((name, text) -> assertFalse(text.contains("planted"), name + ":\n" + text));
        assertTrue(files.get("runtime/configurations.txt").contains("acme.modem\n"));
        assertTrue(files.get("runtime/configurations.txt").contains("apn = internet\n"));
        assertTrue(files.get("runtime/configurations.txt").contains("url = https://***@example.org/x\n"));
        assertTrue(files.get("runtime/configurations.txt").contains("options = user=x,password=***,retries=3\n"));
        assertTrue(files.get("runtime/properties.txt").contains("gatehouse.token = ***\n"));
        assertTrue(files.get("log/gateway.txt").contains("connected to mqtt://***@b"));
        assertTrue(files.get("bundles/org.apache.felix.framework/queue.txt").startsWith("3 wait; ***"));
        assertTrue(files.get("problems.txt").contains("cannot log in as ***"));
    }

    @Test
    void loosesNoMoreThanItsOwnFileByOneThatThrowsFloodsOrHangs() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        contribute("a-throws.txt", file -> {
            file.write("half".getBytes(UTF_8));
            throw new IllegalStateException("broken");
        });
        contribute("b-floods.txt", file -> {
            while (true) {
                file.write(new byte[] {'x', 'y', 'z', '\n'});
            }
        });
        contribute("c-hangs.txt", file -> {
            file.write("begun".getBytes(UTF_8));
            while (end.getCount() > 0) {
                Thread.onSpinWait(); // and minds no interrupt
            }
            ended.countDown();
        });
        contribute("../d", file -> file.write('x'));
        contribute("e-links.txt", file -> {
            throw new NoClassDefFoundError("gone/Missing");
        });
        contribute("f-well.txt", file -> file.write("well".getBytes(UTF_8)));

        Diagnostics diagnostics = diagnostics(Path.of("/"));
        Outcome.Done done = (Outcome.Done) diagnostics.handle(Asked.with(Map.of()));
        Map<String, String> files = files(done);
        String bundle = "bundles/org.apache.felix.framework/";
        assertEquals("half", files.get(bundle + "a-throws.txt"));
        assertEquals(Archive.LARGEST, files.get(bundle + "b-floods.txt").length());
        assertEquals("begun", files.get(bundle + "c-hangs.txt"));
        assertEquals("well", files.get(bundle + "f-well.txt"));
        String problems = files.get("problems.txt");
        assertTrue(problems.contains(bundle + "a-throws.txt: java.lang.IllegalStateException: broken\n"), problems);
        assertTrue(problems.contains(bundle + "b-floods.txt: cut off: it is more than 1048576 bytes\n"), problems);
        assertTrue(problems.contains(bundle + "c-hangs.txt: cut off: it took longer than 0 s\n"), problems);
        assertTrue(problems.contains(bundle + "../d: gatehouse.diagnostic must be a file's name"), problems);
        assertTrue(problems.contains(bundle + "e-links.txt: java.lang.NoClassDefFoundError: gone/Missing\n"), problems);
        assertEquals(problems.lines().count(), (int) done.result().get("problems"));

        problems =
                files((Outcome.Done) diagnostics.handle(Asked.with(Map.of()))).get("problems.txt");
        assertTrue(problems.contains(bundle + "c-hangs.txt: not asked: it hangs since it was asked before"), problems);
        end.countDown();
        ended.await();
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("diagnostic-")));
        problems =
                files((Outcome.Done) diagnostics.handle(Asked.with(Map.of()))).get("problems.txt");
        assertFalse(problems.contains("c-hangs.txt"), problems);
    }

    @Test
    void saysWhatItHadNoRoomFor() throws Exception {
        artifacts = new FolderArtifacts(folder.resolve("small"), 200_000);
        contribute("large.txt", file -> file.write("x".repeat(300_000).getBytes(UTF_8)));
        Map<String, String> files =
                files((Outcome.Done) diagnostics(Path.of("/")).handle(Asked.with(Map.of())));
        assertFalse(files.containsKey("bundles/org.apache.felix.framework/large.txt"));
        assertTrue(files.get("problems.txt").contains("large.txt: left out: the archive may have 200000 bytes"));
    }

    @Test
    void worksWithoutConfigurationAdmin() throws Exception {
        Diagnostics diagnostics = new Diagnostics(
                artifacts, new Runtimes(context, null), new Machine(folder.resolve("nothing")), contributions);
        Map<String, String> files = files((Outcome.Done) diagnostics.handle(Asked.with(Map.of())));
        assertFalse(files.containsKey("runtime/configurations.txt"));
        assertFalse(files.containsKey("system/memory.txt"));
    }

    private Diagnostics diagnostics(Path root) {
        ConfigurationAdmin admin = context.getService(context.getServiceReference(ConfigurationAdmin.class));
        return new Diagnostics(artifacts, new Runtimes(context, admin), new Machine(root), contributions);
    }

    private void contribute(String name, Diagnostic diagnostic) {
        context.registerService(Diagnostic.class, diagnostic, properties(Map.of("gatehouse.diagnostic", name)));
    }

    private static Dictionary<String, Object> properties(Map<String, Object> values) {
        return FrameworkUtil.asDictionary(values);
    }

    private Map<String, String> files(Outcome.Done done) throws IOException {
        Map<?, ?> artifact = (Map<?, ?>) done.result().get("artifact");
        Path file = artifacts.find(new Sha256((String) artifact.get("sha256"))).orElseThrow();
        assertEquals(Files.size(file), artifact.get("size"));
        Map<String, String> files = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), UTF_8));
            }
        }
        return files;
    }
}
