package io.gatehouse.launcher.activators;

import io.gatehouse.software.Document;
import io.gatehouse.software.Part;
import io.gatehouse.software.Software;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Asks once for the change that the framework property test.wish describes, unless one was tried before. */
public final class Wishing implements BundleActivator {
    @Override
    public void start(BundleContext context) {
        Software software = context.getService(context.getServiceReference(Software.class));
        String[] wish = context.getProperty("gatehouse.test.wish").split(" ");
        if (software.verdict().isEmpty() && software.document().parts().isEmpty()) {
            Part part = new Part("test:wish:1", wish[0], wish[1], wish[2], Long.parseLong(wish[3]));
            software.change(new Document(List.of(part), Map.of(), Map.of("wish", wish[2])), Duration.parse(wish[4]));
        }
    }

    @Override
    public void stop(BundleContext context) {}
}
