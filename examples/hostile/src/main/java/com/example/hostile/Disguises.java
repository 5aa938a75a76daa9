package com.example.hostile;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/** Registers services by which parts of the gateway find each other, and says who took them. */
final class Disguises {
    private static final Map<String, Map<String, String>> WORN = Map.of(
            "io.gatehouse.api.desired.DesiredResource", Map.of("gatehouse.resource", "feature"),
            "io.gatehouse.api.device.Device", Map.of(),
            "io.gatehouse.api.message.Outbox", Map.of(),
            "io.gatehouse.api.message.Receiver", Map.of("gatehouse.receives", "artifact/data"),
            "io.gatehouse.api.store.Store", Map.of(),
            "io.gatehouse.software.ChangeWatcher", Map.of(),
            "io.gatehouse.software.Proof", Map.of("gatehouse.proof", "path"),
            "org.osgi.service.cm.ConfigurationPlugin", Map.of("config.plugin.id", "hostile"),
            "org.osgi.service.condition.Condition", Map.of("osgi.condition.id", "license.everything"));

    private final Map<String, String> found = new ConcurrentHashMap<>();
    private final Map<String, ServiceReference<?>> references = new TreeMap<>();
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    Disguises(BundleContext context) {
        WORN.forEach((name, properties) -> wear(context, name, properties));
    }

    void close() {
        registrations.forEach(ServiceRegistration::unregister);
    }

    Map<String, String> tried() {
        Map<String, String> tried = new TreeMap<>();
        for (String name : WORN.keySet()) {
            ServiceReference<?> reference = references.get(name);
            Bundle[] users = reference == null ? null : reference.getUsingBundles();
            String used = users == null ? Doors.CLOSED : "is used by " + Arrays.toString(users);
            tried.put(name, found.getOrDefault(name, used));
        }
        return tried;
    }

    private Object asked(String name, Object self, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "hashCode" -> System.identityHashCode(self);
            case "equals" -> self == arguments[0];
            case "toString" -> name;
            default -> {
                found.put(name, "was asked to " + method.getName());
                throw new UnsupportedOperationException(name);
            }
        };
    }

    private void wear(BundleContext context, String name, Map<String, String> properties) {
        try {
            Class<?> type = Class.forName(name);
            Object disguise = Proxy.newProxyInstance(
                    type.getClassLoader(),
                    new Class<?>[] {type},
                    (self, method, arguments) -> asked(name, self, method, arguments));
            Hashtable<String, Object> all = new Hashtable<>(properties);
            all.put(Constants.SERVICE_RANKING, Integer.MAX_VALUE);
            ServiceRegistration<?> registration = context.registerService(name, disguise, all);
            registrations.add(registration);
            references.put(name, registration.getReference());
        } catch (ClassNotFoundException | LinkageError e) {
            references.remove(name); // it cannot even be made
        }
    }
}
