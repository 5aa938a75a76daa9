package io.gatehouse.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.software.Complaint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.felix.scr.impl.Activator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** With the Declarative Services that devices run. */
@Timeout(30)
class ComponentsProofTest {
    private static final String PACKAGES = "org.osgi.service.component;version=1.5,"
            + "org.osgi.service.component.runtime;version=1.5,org.osgi.service.component.runtime.dto;version=1.5,"
            + "org.osgi.util.promise;version=1.1,org.osgi.util.function;version=1.1";

    @TempDir
    Path folder;

    private Framework framework;
    private ComponentsProof proof;

    @BeforeEach
    void open() throws Exception {
        framework = new Framework(folder.resolve("cache"), PACKAGES);
        framework.start(Framework.jarOf(Activator.class));
        proof = new ComponentsProof(
                framework.context().getService(framework.context().getServiceReference(ServiceComponentRuntime.class)));
    }

    @AfterEach
    void close() throws IOException {
        framework.close();
    }

    @Test
    void hasNothingToSayOfComponentsThatAreWell() throws Exception {
        component("java.lang.Object", "");
        assertEquals(List.of(), complaints());
    }

    @Test
    void namesTheServiceThatAComponentMissesAndItsTarget() throws Exception {
        component(
                "java.lang.Object",
                "<reference name=\"board\" interface=\"java.lang.Runnable\" target=\"(board=1)\"/>");
        assertEquals(
                List.of("component acme.component of acme.app misses service java.lang.Runnable for its reference board"
                        + " with the target (board=1)"),
                complaints());
        framework.context().registerService(Runnable.class, () -> {}, Framework.properties("board", "1"));
        assertEquals(List.of(), complaints());
    }

    @Test
    void namesWhyAComponentFailed() throws Exception {
        component(FailingComponent.class.getName(), "");
        List<String> complaints = complaints();
        assertEquals(1, complaints.size(), complaints.toString());
        assertTrue(
                complaints.get(0).startsWith("component acme.component of acme.app failed to activate: "),
                complaints.get(0));
        assertTrue(complaints.get(0).contains("no such device: /dev/ttyUSB9"), complaints.get(0));
        assertEquals(complaints, complaints(), "the same trouble has other words");
    }

    @Test
    void aComponentWithoutItsLicenseIsAsItShouldBe() throws Exception {
        component(
                "java.lang.Object",
                "<reference name=\"osgi.ds.satisfying.condition\" interface=\"org.osgi.service.condition.Condition\""
                        + " target=\"(osgi.condition.id=license.modbus)\"/>");
        assertEquals(List.of(), complaints());
    }

    @Test
    void oneThatReadsItsLicensesLimitsIsSoToo() throws Exception {
        component(
                "java.lang.Object",
                "<reference name=\"limits\" interface=\"org.osgi.service.condition.Condition\""
                        + " target=\"(osgi.condition.id=license.modbus)\"/>");
        assertEquals(List.of(), complaints());
    }

    @Test
    void oneThatAsksForMoreThanALicenseIsNot() throws Exception {
        component(
                "java.lang.Object",
                "<reference name=\"either\" interface=\"acme.Bus\""
                        + " target=\"(|(bus=1)(osgi.condition.id=license.modbus))\"/>");
        assertEquals(1, complaints().size(), complaints().toString());
    }

    @Test
    void aComponentWithoutItsConfigurationIsAsItShouldBe() throws Exception {
        component("java.lang.Object", "", " configuration-policy=\"require\"");
        assertEquals(List.of(), complaints());
    }

    private List<String> complaints() {
        return proof.complaints(Set.of()).stream().map(Complaint::words).toList();
    }

    private void component(String type, String references) throws Exception {
        component(type, references, "");
    }

    private void component(String type, String references, String attributes) throws Exception {
        String xml = "<scr:component xmlns:scr=\"http://www.osgi.org/xmlns/scr/v1.4.0\" name=\"acme.component\""
                + " immediate=\"true\"" + attributes + ">" + references + "<implementation class=\"" + type
                + "\"/></scr:component>";
        String name = FailingComponent.class.getName().replace('.', '/') + ".class";
        try (InputStream in = FailingComponent.class.getResourceAsStream("/" + name)) {
            framework.start(new TestJars(folder)
                    .jar(
                            Map.of(
                                    "Bundle-ManifestVersion",
                                    "2",
                                    "Bundle-SymbolicName",
                                    "acme.app",
                                    "Service-Component",
                                    "component.xml",
                                    "Require-Capability",
                                    "osgi.extender;filter:=\"(osgi.extender=osgi.component)\""),
                            Map.of("component.xml", xml.getBytes(StandardCharsets.UTF_8), name, in.readAllBytes())));
        }
    }
}
