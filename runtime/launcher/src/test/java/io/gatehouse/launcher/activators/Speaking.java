package io.gatehouse.launcher.activators;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Hashtable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Says as a service what its jar says in word.txt. */
public final class Speaking implements BundleActivator {
    @Override
    public void start(BundleContext context) throws IOException {
        try (InputStream in = Speaking.class.getResourceAsStream("/word.txt")) {
            Hashtable<String, Object> properties = new Hashtable<>();
            properties.put("by", context.getBundle().getSymbolicName());
            context.registerService(String.class, new String(in.readAllBytes(), StandardCharsets.UTF_8), properties);
        }
    }

    @Override
    public void stop(BundleContext context) {}
}
