package com.example.hostile;

import java.util.Collections;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ManagedService;

/** Reads what was configured for somebody else. */
final class Configurations implements ManagedService {
    static final String ANOTHERS = "io.gatehouse.tasks";

    private final Set<String> keys = new ConcurrentSkipListSet<>();
    private final Eavesdropper eavesdropper;
    private final ServiceRegistration<ManagedService> registration;

    Configurations(BundleContext context, Eavesdropper eavesdropper) {
        this.eavesdropper = eavesdropper;
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(Constants.SERVICE_PID, ANOTHERS);
        registration = context.registerService(ManagedService.class, this, properties);
    }

    void close() {
        registration.unregister();
    }

    @Override
    public void updated(Dictionary<String, ?> properties) {
        if (properties != null) {
            keys.addAll(Collections.list(properties.keys()));
        }
    }

    Map<String, String> tried() {
        Map<String, String> tried = new TreeMap<>();
        tried.put("as a service", keys.isEmpty() ? Doors.CLOSED : keys.toString());
        Set<String> seen = eavesdropper.keys();
        tried.put("as a component", seen.isEmpty() ? Doors.CLOSED : seen.toString());
        return tried;
    }
}
