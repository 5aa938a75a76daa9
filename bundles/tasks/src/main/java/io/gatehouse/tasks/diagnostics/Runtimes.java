package io.gatehouse.tasks.diagnostics;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.dto.FrameworkDTO;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** What Java, the framework and its bundles say of themselves. */
final class Runtimes {
    private static final List<String> JAVA = List.of(
            "java.version",
            "java.vendor",
            "java.vm.name",
            "java.vm.version",
            "java.home",
            "os.name",
            "os.version",
            "os.arch");

    private final BundleContext context;
    private final @Nullable ConfigurationAdmin configurations;

    Runtimes(BundleContext context, @Nullable ConfigurationAdmin configurations) {
        this.context = context;
        this.configurations = configurations;
    }

    List<Source> sources() {
        return List.of(
                new Source("runtime/versions.txt", Runtimes::versions),
                new Source("runtime/bundles.txt", this::bundles),
                new Source("runtime/properties.txt", () -> lines(properties())),
                new Source("runtime/configurations.txt", this::configured),
                new Source("runtime/memory.txt", Runtimes::memory),
                new Source("runtime/threads.txt", Runtimes::threads));
    }

    /** Notes what is secret in settings and configurations, wherever it may turn up. */
    void teach(Secrets secrets) throws IOException {
        secrets.learn(properties());
        for (Configuration configuration : list()) {
            secrets.learn(values(configuration));
        }
    }

    private static String versions() {
        Map<String, Object> values = new TreeMap<>();
        for (String name : JAVA) {
            values.put(name, String.valueOf(System.getProperty(name)));
        }
        values.put("processors", Runtime.getRuntime().availableProcessors());
        return lines(values);
    }

    private String bundles() {
        StringBuilder text = new StringBuilder();
        for (Bundle bundle : context.getBundles()) {
            text.append(String.format(
                    "%4d %-11s %s %s%n",
                    bundle.getBundleId(), state(bundle.getState()), bundle.getSymbolicName(), bundle.getVersion()));
        }
        return text.toString();
    }

    private static String state(int state) {
        return switch (state) {
            case Bundle.UNINSTALLED -> "uninstalled";
            case Bundle.INSTALLED -> "installed";
            case Bundle.RESOLVED -> "resolved";
            case Bundle.STARTING -> "starting";
            case Bundle.STOPPING -> "stopping";
            case Bundle.ACTIVE -> "active";
            default -> String.valueOf(state);
        };
    }

    private Map<String, Object> properties() {
        FrameworkDTO framework = context.getBundle(0).adapt(FrameworkDTO.class);
        return framework == null ? Map.of() : framework.properties;
    }

    private String configured() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Configuration configuration : list()) {
            text.append(configuration.getPid())
                    .append('\n')
                    .append(lines(values(configuration)))
                    .append('\n');
        }
        return text.toString();
    }

    private List<Configuration> list() throws IOException {
        try {
            Configuration @Nullable [] all = configurations == null ? null : configurations.listConfigurations(null);
            return all == null ? List.of() : Arrays.asList(all);
        } catch (InvalidSyntaxException e) {
            throw new IOException("no filter was refused", e);
        }
    }

    private static Map<String, Object> values(Configuration configuration) {
        Map<String, Object> values = new TreeMap<>();
        var properties = configuration.getProperties();
        if (properties != null) {
            for (String key : Collections.list(properties.keys())) {
                values.put(key, properties.get(key));
            }
        }
        return values;
    }

    private static String memory() {
        Runtime runtime = Runtime.getRuntime();
        return lines(new TreeMap<>(Map.of(
                "heap used, bytes", runtime.totalMemory() - runtime.freeMemory(),
                "heap committed, bytes", runtime.totalMemory(),
                "heap at most, bytes", runtime.maxMemory())));
    }

    private static String threads() {
        StringBuilder text = new StringBuilder();
        List<Map.Entry<Thread, StackTraceElement[]>> all =
                new ArrayList<>(Thread.getAllStackTraces().entrySet());
        all.sort((a, b) -> Long.compare(a.getKey().getId(), b.getKey().getId()));
        for (Map.Entry<Thread, StackTraceElement[]> entry : all) {
            Thread thread = entry.getKey();
            text.append(thread.getId())
                    .append(' ')
                    .append(thread.getName())
                    .append(' ')
                    .append(thread.getState());
            text.append(thread.isDaemon() ? " daemon\n" : "\n");
            for (StackTraceElement at : entry.getValue()) {
                text.append("    at ").append(at).append('\n');
            }
        }
        return text.toString();
    }

    /** One {@code key = value} a line, in the order of the keys, without secrets. */
    private static String lines(Map<String, ?> values) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(values).forEach((key, value) -> text.append(key)
                .append(" = ")
                .append(Secrets.shown(key, value))
                .append('\n'));
        return text.toString();
    }
}
