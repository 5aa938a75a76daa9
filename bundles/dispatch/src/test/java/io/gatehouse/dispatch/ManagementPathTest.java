package io.gatehouse.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.launch.Framework;

/** On a real framework, with bundles that have nothing but a manifest. */
class ManagementPathTest {
    @TempDir
    Path cache;

    private Framework framework;

    @BeforeEach
    void starts() throws BundleException {
        framework = new FrameworkFactory()
                .newFramework(Map.of("org.osgi.framework.storage", cache.toString(), "felix.log.level", "1"));
        framework.start();
    }

    @AfterEach
    void stops() throws Exception {
        framework.stop();
        framework.waitForStop(10_000);
    }

    @Test
    void holdsWhatProvidesManagementAndAllThatItNeeds() throws Exception {
        bundle("library", Map.of("Export-Package", "lib"));
        bundle("api", Map.of("Export-Package", "api", "Import-Package", "lib"));
        bundle("extender", Map.of("Provide-Capability", "osgi.extender;osgi.extender=x"));
        bundle("server", Map.of("Provide-Capability", "osgi.service;objectClass:List<String>=\"a.A,a.B\""));
        bundle(
                "plugin",
                Map.of(
                        "Provide-Capability",
                        "osgi.service;objectClass:List<String>=\"a.Plugin\"",
                        "Import-Package",
                        "api"));
        bundle("bystander", Map.of("Import-Package", "api,org.osgi.framework"));
        bundle(
                "manager",
                Map.of(
                        "Import-Package",
                        "api,org.osgi.framework",
                        "Provide-Capability",
                        "io.gatehouse.management;io.gatehouse.management=dispatch",
                        "Require-Capability",
                        "osgi.extender;filter:=\"(osgi.extender=x)\","
                                + "osgi.service;filter:=\"(objectClass=a.B)\";effective:=active,"
                                + "osgi.service;filter:=\"(objectClass=a.Plugin)\";effective:=active;resolution:=optional"));
        for (Bundle bundle : framework.getBundleContext().getBundles()) {
            bundle.start();
        }
        assertEquals(
                Set.of("manager", "api", "library", "extender", "server"),
                new ManagementPath(framework.getBundleContext()).symbolicNames());
    }

    @Test
    void isEmptyWhereNothingManages() throws Exception {
        bundle("library", Map.of("Export-Package", "lib"));
        assertEquals(Set.of(), new ManagementPath(framework.getBundleContext()).symbolicNames());
    }

    private void bundle(String name, Map<String, String> headers) throws BundleException, IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.putValue("Manifest-Version", "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        headers.forEach(main::putValue);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new JarOutputStream(bytes, manifest).close();
        framework.getBundleContext().installBundle(name, new ByteArrayInputStream(bytes.toByteArray()));
    }
}
