package io.gatehouse.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

final class BundlesTest {
    @TempDir
    private Path folder;

    @Test
    void answersOnCommandWhatItTellsFromTimeToTime() throws Exception {
        Framework framework =
                new FrameworkFactory().newFramework(Map.of(Constants.FRAMEWORK_STORAGE, folder.toString()));
        framework.start();
        try {
            framework.getBundleContext().installBundle("acme", new ByteArrayInputStream(jar("com.acme")));
            Bundles bundles = new Bundles(framework.getBundleContext(), new Accounts());
            Outcome.Done done = (Outcome.Done) bundles.handle(new Asked());
            assertEquals(bundles.read().values(), done.result());
            Map<String, String> states = new LinkedHashMap<>();
            Members.of(done.result())
                    .objects("bundles")
                    .forEach(bundle -> states.put(bundle.string("symbolicName"), bundle.string("state")));
            assertEquals(Map.of("org.apache.felix.framework", "active", "com.acme", "installed"), states);
        } finally {
            framework.stop();
            framework.waitForStop(5_000);
        }
    }

    private static byte[] jar(String symbolicName) throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        manifest.getMainAttributes().putValue(Constants.BUNDLE_SYMBOLICNAME, symbolicName);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new JarOutputStream(bytes, manifest).close();
        return bytes.toByteArray();
    }

    /** Without arguments. */
    private static final class Asked implements Invocation {
        @Override
        public Members arguments() {
            return Members.of(Map.of());
        }

        @Override
        public String id() {
            return "Y29ycmVsYXRpb24";
        }

        @Override
        public void progress(double ratio, String note) {}

        @Override
        public void data(byte[] bytes, Map<String, String> properties) {}
    }
}
