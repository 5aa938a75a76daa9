package io.gatehouse.tasks;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Lists the bundles as they are now. */
@Component
@Command("bundles")
public final class BundleList implements CommandHandler {
    private final BundleContext context;

    @Activate
    public BundleList(BundleContext context) {
        this.context = context;
    }

    @Override
    public Outcome handle(Invocation invocation) {
        List<Map<String, Object>> list = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("id", bundle.getBundleId());
            line.put("symbolicName", String.valueOf(bundle.getSymbolicName()));
            line.put("version", bundle.getVersion().toString());
            line.put("state", state(bundle.getState()));
            list.add(line);
        }
        return Outcome.done(Map.of("bundles", list));
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
