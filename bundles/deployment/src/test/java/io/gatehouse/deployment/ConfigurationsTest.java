package io.gatehouse.deployment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.software.Document;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.felix.cm.impl.ConfigurationManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ManagedService;

/** With the Configuration Admin that devices run. */
class ConfigurationsTest {
    @TempDir
    Path folder;

    private final FakeSoftware software = new FakeSoftware();
    private Framework framework;
    private ConfigurationAdmin admin;

    @BeforeEach
    void open() throws Exception {
        framework = new Framework(folder.resolve("cache"), "org.osgi.service.cm;version=1.6.1");
        framework.start(Framework.jarOf(ConfigurationManager.class));
        admin = framework.context().getService(framework.context().getServiceReference(ConfigurationAdmin.class));
    }

    @AfterEach
    void close() throws IOException {
        framework.close();
    }

    @Test
    void setsWhatTheImageAndTheDocumentSay() throws Exception {
        software.factoryConfigurations = Map.of("acme.app", Map.of("port:Integer", 1L, "host", "h"));
        software.document = document(Map.of("acme.app", Map.of("port:Integer", 2L, "speeds:int[]", List.of(1L, 2L))));
        configurations();
        assertEquals(2, properties("acme.app").get("port"));
        assertEquals("h", properties("acme.app").get("host"));
        assertArrayEquals(new int[] {1, 2}, (int[]) properties("acme.app").get("speeds"));
    }

    @Test
    void setsFactoryConfigurations() throws Exception {
        configurations().follow(document(Map.of("acme.modem~front", Map.of("slot", 1L))));
        Configuration configuration = admin.listConfigurations("(service.factoryPid=acme.modem)")[0];
        assertEquals("acme.modem~front", configuration.getPid());
        assertEquals(1L, configuration.getProperties().get("slot"));
    }

    @Test
    void leavesWhatDoesNotDifferAlone() throws Exception {
        Configurations configurations = configurations();
        Document document =
                document(Map.of("acme.app", Map.of("speeds:int[]", List.of(1L, 2L), "hosts", List.of("a"))));
        configurations.follow(document);
        long count = admin.getConfiguration("acme.app", "?").getChangeCount();
        configurations.follow(document);
        assertEquals(count, admin.getConfiguration("acme.app", "?").getChangeCount());
    }

    @Test
    void aSuccessorTakesAwayWhatIsWantedNoMore() throws Exception {
        configurations().follow(document(Map.of("acme.app", Map.of("port", 1L))));
        configurations();
        assertNull(admin.listConfigurations("(service.pid=acme.app)"));
    }

    @Test
    void theImagesValueIsBackWhenTheDocumentsGoes() throws Exception {
        software.factoryConfigurations = Map.of("acme.app", Map.of("port", 1L));
        Configurations configurations = configurations();
        configurations.follow(document(Map.of("acme.app", Map.of("port", 2L))));
        assertEquals(2L, properties("acme.app").get("port"));
        configurations.follow(Document.FACTORY);
        assertEquals(1L, properties("acme.app").get("port"));
    }

    @Test
    void leavesConfigurationsOfOthersAlone() throws Exception {
        admin.getConfiguration("acme.own", "?").update(Framework.properties("a", "b"));
        configurations().follow(Document.FACTORY);
        assertEquals("b", properties("acme.own").get("a"));
    }

    @Test
    void aValueThatCannotBeSetIsNamedAndTheOthersAreSet() throws Exception {
        Configurations configurations = configurations();
        IllegalStateException failed = assertThrows(
                IllegalStateException.class,
                () -> configurations.follow(document(
                        Map.of("acme.bad", Map.of("port:Integer", "x"), "acme.good", Map.of("port:Integer", 1L)))));
        assertTrue(failed.getMessage().contains("acme.bad.port"), failed.getMessage());
        assertEquals(1, properties("acme.good").get("port"));
    }

    // --- whose they are

    @Test
    void bundleWhoseNameThePidBearsHasItAndNobodyElse() throws Exception {
        TestJars jars = new TestJars(folder);
        Bundle app = framework.start(jars.bundle("acme.app", "1.0.0"));
        Bundle more = framework.start(jars.bundle("acme.app.more", "1.0.0"));
        framework
                .context()
                .installBundle(jars.bundle("acme", "1.0.0", "Fragment-Host", "acme.app")
                        .toUri()
                        .toString());
        configurations()
                .follow(document(Map.of(
                        "acme.app", Map.of("a", 1L),
                        "acme.app.Rain", Map.of("a", 1L),
                        "acme.app.more.Rain~one", Map.of("a", 1L),
                        "acme.app.Rain|acme.app.more", Map.of("a", 1L),
                        "acme.apple", Map.of("a", 1L))));
        assertEquals(app.getLocation(), location("acme.app"));
        assertEquals(app.getLocation(), location("acme.app.Rain"));
        assertEquals(more.getLocation(), location("acme.app.more.Rain~one"));
        assertEquals(app.getLocation(), location("acme.app.Rain|acme.app.more"));
        assertEquals("?", location("acme.apple"), "no bundle, and no fragment, is called so");
    }

    @Test
    void configurationFollowsItsBundleWhenThatComes() throws Exception {
        Configurations configurations = configurations();
        Document document = document(Map.of("acme.app.Rain", Map.of("a", 1L)));
        configurations.follow(document);
        assertEquals("?", location("acme.app.Rain"));
        Bundle app = framework.start(new TestJars(folder).bundle("acme.app", "1.0.0"));
        configurations.follow(document);
        assertEquals(app.getLocation(), location("acme.app.Rain"));
    }

    @Test
    void anothersManagedServiceIsToldNothing() throws Exception {
        Bundle app = framework.start(new TestJars(folder).bundle("acme.app", "1.0.0"));
        Bundle spy = framework.start(new TestJars(folder).bundle("acme.spy", "1.0.0"));
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        for (Bundle bundle : List.of(spy, app)) {
            bundle.getBundleContext()
                    .registerService(
                            ManagedService.class,
                            properties -> told.add(bundle.getSymbolicName() + " " + (properties != null)),
                            Framework.properties("service.pid", "acme.app.Rain"));
        }
        assertEquals(Set.of("acme.app false", "acme.spy false"), Set.of(told.take(), told.take()));
        Configurations configurations = configurations();
        for (long value = 1; value <= 2; value++) {
            configurations.follow(document(Map.of("acme.app.Rain", Map.of("a", value))));
            assertEquals("acme.app true", told.poll(10, TimeUnit.SECONDS), "and before that the spy was not told");
        }
    }

    private Configurations configurations() {
        return new Configurations(framework.context(), admin, software);
    }

    private String location(String pid) throws Exception {
        return admin.listConfigurations("(service.pid=" + pid + ")")[0].getBundleLocation();
    }

    private Dictionary<String, Object> properties(String pid) throws IOException {
        return admin.getConfiguration(pid, "?").getProperties();
    }

    private static Document document(Map<String, Map<String, Object>> configurations) {
        return new Document(List.of(), configurations, Map.of());
    }
}
