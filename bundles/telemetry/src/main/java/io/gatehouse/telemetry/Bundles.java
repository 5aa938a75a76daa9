package io.gatehouse.telemetry;

import io.gatehouse.api.telemetry.Collector;
import io.gatehouse.api.telemetry.Publishes;
import io.gatehouse.api.telemetry.Reading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Which bundles there are, and what their collectors cost. */
@Component
@Publishes(topic = "runtime/bundles", period = "PT60S")
public final class Bundles implements Collector {
    private final BundleContext context;
    private final Accounts accounts;

    @Activate
    public Bundles(BundleContext context, @Reference Accounts accounts) {
        this.context = context;
        this.accounts = accounts;
    }

    @Override
    public Reading read() {
        Bundle[] bundles = context.getBundles();
        accounts.retain(Stream.of(bundles).map(Bundle::getBundleId).collect(Collectors.toSet()));
        List<Map<String, Object>> list = new ArrayList<>(bundles.length);
        for (Bundle bundle : bundles) {
            list.add(line(bundle));
        }
        return Reading.of("bundles", list);
    }

    private Map<String, Object> line(Bundle bundle) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("id", bundle.getBundleId());
        line.put("symbolicName", String.valueOf(bundle.getSymbolicName()));
        line.put("version", bundle.getVersion().toString());
        line.put("state", state(bundle.getState()));
        Account.Balance balance = accounts.of(bundle.getBundleId()).balance();
        line.put("cpu", balance.used().cpu() / 1e9);
        line.put("allocated", balance.used().allocated());
        line.put("runs", balance.runs());
        line.put("failures", balance.failures());
        if (balance.abandoned() > 0) {
            line.put("abandonedThreads", balance.abandoned());
        }
        return line;
    }

    private static String state(int state) {
        return switch (state) {
            case Bundle.INSTALLED -> "installed";
            case Bundle.RESOLVED -> "resolved";
            case Bundle.STARTING -> "starting";
            case Bundle.STOPPING -> "stopping";
            case Bundle.ACTIVE -> "active";
            default -> "uninstalled";
        };
    }
}
