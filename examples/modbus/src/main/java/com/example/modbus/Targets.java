package com.example.modbus;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.condition.Condition;

/**
 * How many devices the license permits: its limit {@code targets}, or any number where it has none. Those that came first are read; one more is read as
 * soon as another goes or the license permits more, without a restart of anything.
 */
@Component(service = Targets.class)
public final class Targets {
    static final String FEATURE = "com.example.modbus";
    static final String LICENSE = "(osgi.condition.id=license." + FEATURE + ")";

    /**
     * The condition's properties, which change where a license is renewed with others. Optional: this stays while there is no license; those that read
     * do not.
     */
    @Reference(
            service = Condition.class,
            target = LICENSE,
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC)
    volatile Map<String, Object> license;

    private final Set<Object> there = new LinkedHashSet<>();

    @Activate
    public Targets() {}

    synchronized void enter(Object target) {
        there.add(target);
    }

    synchronized void leave(Object target) {
        there.remove(target);
    }

    /**
     * Whether it may be read.
     *
     * @throws IOException where that are too many; the message says what helps
     */
    synchronized void check(Object target) throws IOException {
        Map<String, Object> granted = license;
        if (granted == null || !(granted.get("targets") instanceof Long most)) {
            return;
        }
        long before = there.stream().takeWhile(one -> !one.equals(target)).count();
        if (before >= most) {
            throw new IOException("the license " + FEATURE + " permits " + most + " targets, and " + there.size()
                    + " are configured: " + target + " is not read; remove others, or have it renewed for more");
        }
    }
}
