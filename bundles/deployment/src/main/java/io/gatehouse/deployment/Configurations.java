package io.gatehouse.deployment;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.software.Document;
import io.gatehouse.software.Follower;
import io.gatehouse.software.Software;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Keeps Configuration Admin in step with the image's configurations and the document's over them, each for the bundle whose name its
 * PID bears. What it sets it marks, so that also its successor in this process knows what to take away again.
 */
@Component(immediate = true)
public final class Configurations implements Follower {
    /** Begins with a dot, so that no component shows it as a property of its services. */
    private static final String MARK = ".gatehouse.document";

    private static final System.Logger LOG = System.getLogger(Configurations.class.getName());

    private final BundleContext context;
    private final ConfigurationAdmin admin;
    private final Software software;

    @Activate
    public Configurations(BundleContext context, @Reference ConfigurationAdmin admin, @Reference Software software) {
        this.context = context;
        this.admin = admin;
        this.software = software;
        List<String> failures = align(software.document());
        failures.forEach(failure -> LOG.log(System.Logger.Level.ERROR, failure));
    }

    @Override
    public void follow(Document document) {
        List<String> failures = align(document);
        if (!failures.isEmpty()) {
            throw new IllegalStateException(String.join("; ", failures));
        }
    }

    /** Sets what differs, then deletes what it set once and is wanted no more; returns what could not be set. */
    private synchronized List<String> align(Document document) {
        Map<String, Map<String, Object>> wanted =
                Layers.over(software.factoryConfigurations(), document.configurations());
        List<String> failures = new ArrayList<>();
        Owners owners = new Owners(context);
        wanted.forEach((pid, configuration) -> {
            try {
                Map<String, Object> values = Values.read(pid, configuration);
                values.put(MARK, true);
                configuration(pid, owners.location(pid)).updateIfDifferent(FrameworkUtil.asDictionary(values));
            } catch (BadArgument | IOException e) {
                failures.add("cannot configure " + pid + ": " + e.getMessage());
            }
        });
        try {
            for (Configuration configuration : marked()) {
                if (!wanted.containsKey(configuration.getPid())) {
                    configuration.delete();
                }
            }
        } catch (IOException e) {
            failures.add("cannot take configurations away: " + e.getMessage());
        }
        return failures;
    }

    /** The configuration, which nobody but the bundle at this location has from here on. */
    private Configuration configuration(String pid, String location) throws IOException {
        int tilde = pid.indexOf('~');
        Configuration configuration = tilde < 0
                ? admin.getConfiguration(pid, location)
                : admin.getFactoryConfiguration(pid.substring(0, tilde), pid.substring(tilde + 1), location);
        if (!location.equals(configuration.getBundleLocation())) {
            configuration.setBundleLocation(location);
        }
        return configuration;
    }

    private Configuration[] marked() throws IOException {
        try {
            Configuration[] marked = admin.listConfigurations("(" + MARK + "=true)");
            return marked == null ? new Configuration[0] : marked;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
