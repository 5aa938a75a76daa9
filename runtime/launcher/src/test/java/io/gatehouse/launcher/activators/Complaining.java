package io.gatehouse.launcher.activators;

import io.gatehouse.software.Complaint;
import io.gatehouse.software.Proof;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Hashtable;
import java.util.List;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Has a proof, whose complaints are the lines of word.txt. */
public final class Complaining implements BundleActivator {
    @Override
    public void start(BundleContext context) throws IOException {
        try (InputStream in = Complaining.class.getResourceAsStream("/word.txt")) {
            List<Complaint> complaints = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(Complaint::of)
                    .toList();
            Hashtable<String, Object> properties = new Hashtable<>();
            properties.put("gatehouse.proof", "test");
            context.registerService(Proof.class, touched -> complaints, properties);
        }
    }

    @Override
    public void stop(BundleContext context) {}
}
