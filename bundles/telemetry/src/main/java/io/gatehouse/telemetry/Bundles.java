package io.gatehouse.telemetry;

import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.telemetry.Collector;
import io.gatehouse.api.telemetry.Publishes;
import io.gatehouse.api.telemetry.Reading;
import io.gatehouse.protocol.BundleState;
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

/** Which bundles there are, and what their collectors cost: from time to time, and when it is asked. */
@Component
@Publishes(topic = "runtime/bundles", period = "PT60S")
@Command("bundles")
public final class Bundles implements Collector, CommandHandler {
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

    @Override
    public Outcome handle(Invocation invocation) {
        return Outcome.done(read().values());
    }

    private Map<String, Object> line(Bundle bundle) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("id", bundle.getBundleId());
        line.put("symbolicName", String.valueOf(bundle.getSymbolicName()));
        line.put("version", bundle.getVersion().toString());
        line.put("state", BundleState.of(bundle.getState()).word());
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
}
