package io.gatehouse.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.launch.Framework;

/** By what a dispatcher that stops tells the end of its process from its own replacement. */
class ProcessEndTest {
    @TempDir
    Path cache;

    @Test
    void frameworkIsStoppingBeforeItsBundlesAreAndOnlyThen() throws Exception {
        Framework framework = new FrameworkFactory()
                .newFramework(Map.of("org.osgi.framework.storage", cache.toString(), "felix.log.level", "1"));
        framework.start();
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", "any");
        ByteArrayOutputStream jar = new ByteArrayOutputStream();
        new JarOutputStream(jar, manifest).close();
        Bundle any = framework.getBundleContext().installBundle("any", new ByteArrayInputStream(jar.toByteArray()));
        List<Boolean> processEnds = new CopyOnWriteArrayList<>();
        framework.getBundleContext().addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == BundleEvent.STOPPING && event.getBundle().equals(any)) {
                processEnds.add(framework.getState() == Bundle.STOPPING);
            }
        });
        any.start();
        any.stop();
        any.start();
        framework.stop();
        framework.waitForStop(10_000);
        assertEquals(List.of(false, true), processEnds);
    }
}
