package io.gatehouse.deployment;

import java.util.HashMap;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.condition.Condition;

/** Grants licenses as the bundle that does so in a gateway: by conditions, one more of which says that it has spoken. */
final class TestLicensing {
    private static final String SPOKEN = "io.gatehouse.licensing";

    private final BundleContext context;
    private final Map<String, ServiceRegistration<Condition>> conditions = new HashMap<>();

    TestLicensing(BundleContext context) {
        this.context = context;
    }

    /** Speaks for the first time, and grants these. */
    void begin(String... licenses) {
        for (String license : licenses) {
            grant(license);
        }
        register(SPOKEN);
    }

    void grant(String license) {
        register("license." + license);
    }

    void end(String license) {
        conditions.remove("license." + license).unregister();
    }

    /** Is replaced, or stops with its process. */
    void end() {
        ServiceRegistration<Condition> spoken = conditions.remove(SPOKEN);
        if (spoken != null) {
            spoken.unregister();
        }
        conditions.values().forEach(ServiceRegistration::unregister);
        conditions.clear();
    }

    private void register(String id) {
        conditions.put(
                id,
                context.registerService(
                        Condition.class, Condition.INSTANCE, Framework.properties(Condition.CONDITION_ID, id)));
    }
}
