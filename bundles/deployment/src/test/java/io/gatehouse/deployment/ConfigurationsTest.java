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
import org.apache.felix.cm.impl.ConfigurationManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

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
        new Configurations(admin, software);
        assertEquals(2, properties("acme.app").get("port"));
        assertEquals("h", properties("acme.app").get("host"));
        assertArrayEquals(new int[] {1, 2}, (int[]) properties("acme.app").get("speeds"));
    }

    @Test
    void setsFactoryConfigurations() throws Exception {
        new Configurations(admin, software).follow(document(Map.of("acme.modem~front", Map.of("slot", 1L))));
        Configuration configuration = admin.listConfigurations("(service.factoryPid=acme.modem)")[0];
        assertEquals("acme.modem~front", configuration.getPid());
        assertEquals(1L, configuration.getProperties().get("slot"));
    }

    @Test
    void leavesWhatDoesNotDifferAlone() throws Exception {
        Configurations configurations = new Configurations(admin, software);
        Document document =
                document(Map.of("acme.app", Map.of("speeds:int[]", List.of(1L, 2L), "hosts", List.of("a"))));
        configurations.follow(document);
        long count = admin.getConfiguration("acme.app", "?").getChangeCount();
        configurations.follow(document);
        assertEquals(count, admin.getConfiguration("acme.app", "?").getChangeCount());
    }

    @Test
    void aSuccessorTakesAwayWhatIsWantedNoMore() throws Exception {
        new Configurations(admin, software).follow(document(Map.of("acme.app", Map.of("port", 1L))));
        new Configurations(admin, software);
        assertNull(admin.listConfigurations("(service.pid=acme.app)"));
    }

    @Test
    void theImagesValueIsBackWhenTheDocumentsGoes() throws Exception {
        software.factoryConfigurations = Map.of("acme.app", Map.of("port", 1L));
        Configurations configurations = new Configurations(admin, software);
        configurations.follow(document(Map.of("acme.app", Map.of("port", 2L))));
        assertEquals(2L, properties("acme.app").get("port"));
        configurations.follow(Document.FACTORY);
        assertEquals(1L, properties("acme.app").get("port"));
    }

    @Test
    void leavesConfigurationsOfOthersAlone() throws Exception {
        admin.getConfiguration("acme.own", "?").update(Framework.properties("a", "b"));
        new Configurations(admin, software).follow(Document.FACTORY);
        assertEquals("b", properties("acme.own").get("a"));
    }

    @Test
    void aValueThatCannotBeSetIsNamedAndTheOthersAreSet() throws Exception {
        Configurations configurations = new Configurations(admin, software);
        IllegalStateException failed = assertThrows(
                IllegalStateException.class,
                () -> configurations.follow(document(
                        Map.of("acme.bad", Map.of("port:Integer", "x"), "acme.good", Map.of("port:Integer", 1L)))));
        assertTrue(failed.getMessage().contains("acme.bad.port"), failed.getMessage());
        assertEquals(1, properties("acme.good").get("port"));
    }

    private Dictionary<String, Object> properties(String pid) throws IOException {
        return admin.getConfiguration(pid, "?").getProperties();
    }

    private static Document document(Map<String, Map<String, Object>> configurations) {
        return new Document(List.of(), configurations, Map.of());
    }
}
