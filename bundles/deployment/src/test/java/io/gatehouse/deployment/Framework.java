package io.gatehouse.deployment;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.resolver.Resolver;

/** A real framework, for a test. */
final class Framework implements AutoCloseable {
    private final org.osgi.framework.launch.Framework felix;

    /** Starts it; these packages more come from the test's class path. */
    Framework(Path cache, String packages) throws BundleException {
        felix = new FrameworkFactory()
                .newFramework(Map.of(
                        "org.osgi.framework.storage",
                        cache.toString(),
                        "org.osgi.framework.storage.clean",
                        "onFirstInit",
                        "org.osgi.framework.system.packages.extra",
                        packages,
                        "felix.log.level",
                        "1"));
        felix.start();
    }

    BundleContext context() {
        return felix.getBundleContext();
    }

    Resolver resolver() {
        return context().getService(context().getServiceReference(Resolver.class));
    }

    Bundle start(Path jar) throws BundleException {
        Bundle bundle = context().installBundle(jar.toUri().toString());
        bundle.start();
        return bundle;
    }

    /** The JAR file that a class of the test's class path is in. */
    static Path jarOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    static Dictionary<String, Object> properties(String name, Object value) {
        return FrameworkUtil.asDictionary(Map.of(name, value));
    }

    @Override
    public void close() throws IOException {
        try {
            felix.stop();
            felix.waitForStop(TimeUnit.SECONDS.toMillis(10));
        } catch (BundleException | InterruptedException e) {
            throw new IOException(e);
        }
    }
}
