package io.gatehouse.licensing;

import io.gatehouse.protocol.license.Limits;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.condition.Condition;

/** The features that are granted, as services: a {@link Condition} {@code license.<feature>} each, with the feature's limits as properties. */
final class Conditions {
    /** What goes before a feature's name. */
    static final String LICENSE = "license.";

    /** One that is there as soon as all others are that are granted: until then, nobody can tell that one is not. */
    static final String KNOWN = "io.gatehouse.licensing";

    private final BundleContext context;
    private final Map<String, Granted> granted = new HashMap<>();
    private boolean isKnown;

    private record Granted(ServiceRegistration<Condition> registration, Limits limits) {}

    Conditions(BundleContext context) {
        this.context = context;
    }

    /** From now on these are granted, and no others. What is granted as before is not touched. */
    void grant(Map<String, Limits> features) {
        features.forEach(this::grant);
        granted.keySet().removeIf(feature -> {
            boolean goes = !features.containsKey(feature);
            if (goes) {
                withdraw(feature);
            }
            return goes;
        });
        if (!isKnown) {
            isKnown = true;
            context.registerService(Condition.class, Condition.INSTANCE, properties(KNOWN, Limits.NONE));
        }
    }

    private void withdraw(String feature) {
        Granted before = granted.get(feature);
        if (before != null) {
            before.registration().unregister();
        }
    }

    private void grant(String feature, Limits limits) {
        Granted before = granted.get(feature);
        if (before == null) {
            granted.put(
                    feature,
                    new Granted(
                            context.registerService(
                                    Condition.class, Condition.INSTANCE, properties(LICENSE + feature, limits)),
                            limits));
        } else if (!before.limits().equals(limits)) {
            before.registration().setProperties(properties(LICENSE + feature, limits));
            granted.put(feature, new Granted(before.registration(), limits));
        }
    }

    private static Dictionary<String, Object> properties(String id, Limits limits) {
        Map<String, Object> properties = new TreeMap<>(limits.values());
        properties.put(Condition.CONDITION_ID, id);
        return FrameworkUtil.asDictionary(properties);
    }
}
