package io.gatehouse.licensing;

import io.gatehouse.protocol.license.Limits;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.condition.Condition;

/**
 * The features that are granted, as services: a {@link Condition} {@code license.<feature>} each, with the feature's limits as properties. It needs nobody, so that
 * they stay while what {@link Licensing} needs is replaced.
 */
@Component(service = Conditions.class, immediate = true)
public final class Conditions {
    /** What goes before a feature's name. */
    static final String LICENSE = "license.";

    /** One that is there as soon as all others are that are granted: until then, nobody can tell that one is not. */
    static final String KNOWN = "io.gatehouse.licensing";

    private final BundleContext context;
    private final Map<String, Granted> granted = new HashMap<>();
    private final List<ServiceRegistration<Condition>> known = new ArrayList<>();

    private record Granted(ServiceRegistration<Condition> registration, Limits limits) {}

    @Activate
    public Conditions(BundleContext context) {
        this.context = context;
    }

    @Deactivate
    synchronized void withdrawAll() {
        known.forEach(ServiceRegistration::unregister);
        granted.values().forEach(one -> one.registration().unregister());
        known.clear();
        granted.clear();
    }

    /** From now on these are granted, and no others. What is granted as before is not touched. */
    synchronized void grant(Map<String, Limits> features) {
        features.forEach(this::grant);
        List<String> gone = granted.keySet().stream()
                .filter(feature -> !features.containsKey(feature))
                .toList();
        gone.forEach(this::withdraw);
        if (known.isEmpty()) {
            known.add(register(KNOWN, Limits.NONE));
        }
    }

    private void grant(String feature, Limits limits) {
        Granted before = granted.get(feature);
        if (before == null) {
            granted.put(feature, new Granted(register(LICENSE + feature, limits), limits));
        } else if (!before.limits().equals(limits)) {
            before.registration().setProperties(properties(LICENSE + feature, limits));
            granted.put(feature, new Granted(before.registration(), limits));
        }
    }

    private void withdraw(String feature) {
        Granted before = granted.remove(feature);
        if (before != null) {
            before.registration().unregister();
        }
    }

    private ServiceRegistration<Condition> register(String id, Limits limits) {
        return context.registerService(Condition.class, Condition.INSTANCE, properties(id, limits));
    }

    private static Dictionary<String, Object> properties(String id, Limits limits) {
        Map<String, Object> properties = new TreeMap<>(limits.values());
        properties.put(Condition.CONDITION_ID, id);
        return FrameworkUtil.asDictionary(properties);
    }
}
