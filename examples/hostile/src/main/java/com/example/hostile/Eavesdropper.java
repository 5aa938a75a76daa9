package com.example.hostile;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;

/** A component that says another bundle's configuration were its own. */
@Component(service = Eavesdropper.class, configurationPid = Configurations.ANOTHERS)
public final class Eavesdropper {
    private volatile Set<String> keys = Set.of();

    @Activate
    @Modified
    void activate(Map<String, ?> properties) {
        Set<String> all = new TreeSet<>(properties.keySet());
        all.removeIf(key -> key.startsWith("component.") || key.startsWith("osgi.ds.")); // its own
        keys = all;
    }

    Set<String> keys() {
        return keys;
    }
}
