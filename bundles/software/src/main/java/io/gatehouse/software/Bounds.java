package io.gatehouse.software;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a vendor's bundle is held to: a little that all may use, and beyond that what the fleet's trust document grants the vendor.
 * A pattern is a name, or {@code com.acme.*} for every name below {@code com.acme}.
 *
 * @param vendor by whose signature it came
 * @param names patterns of the vendor's own names
 * @param packages patterns of packages that it may import too
 * @param services patterns of interfaces whose services it may see too
 * @param exports patterns of its packages that others may import; services by interfaces of these may be seen by others
 */
public record Bounds(
        String vendor, List<String> names, List<String> packages, List<String> services, List<String> exports) {
    private static final List<String> NOBODYS = List.of("org.osgi.framework.hooks.*", "io.gatehouse.software");
    private static final List<String> ALL_WIRE = List.of(
            "io.gatehouse.api.*",
            "jakarta.json",
            "jakarta.json.*",
            "java.*",
            "javax.*",
            "org.apache.felix.hc.api",
            "org.apache.felix.hc.api.*",
            "org.osgi.framework",
            "org.osgi.service.cm",
            "org.osgi.service.component",
            "org.osgi.service.component.*",
            "org.osgi.service.condition",
            "org.osgi.service.log",
            "org.osgi.service.log.*",
            "org.osgi.service.metatype",
            "org.osgi.service.metatype.*",
            "org.osgi.util.*",
            "org.slf4j",
            "org.slf4j.*",
            "org.w3c.*",
            "org.xml.*");
    private static final List<String> ALL_SEE = List.of(
            "io.gatehouse.api.device.Device",
            "io.gatehouse.api.store.Store",
            "java.time.Clock",
            "org.osgi.service.condition.Condition",
            "org.osgi.service.log.LogService",
            "org.osgi.service.log.LoggerFactory");
    private static final List<String> ALL_OFFER = List.of(
            "io.gatehouse.api.command.CommandHandler",
            "io.gatehouse.api.diagnostics.Diagnostic",
            "io.gatehouse.api.telemetry.Collector",
            "org.apache.felix.hc.api.HealthCheck",
            "org.osgi.service.cm.ManagedService",
            "org.osgi.service.cm.ManagedServiceFactory");

    public Bounds {
        names = List.copyOf(names);
        packages = List.copyOf(packages);
        services = List.copyOf(services);
        exports = List.copyOf(exports);
    }

    /** Whether it may import this package from bundles that are not its vendor's. */
    public boolean mayWire(String packageName) {
        return !fits(packageName, NOBODYS) && (fits(packageName, ALL_WIRE) || fits(packageName, packages));
    }

    /** Whether it may see services with this interface that others than its vendor's bundles registered. */
    public boolean maySee(String interfaceName) {
        return !isNobodys(interfaceName) && (fits(interfaceName, ALL_SEE) || fits(interfaceName, services));
    }

    /** Whether bundles that are not its vendor's may import this package from it. */
    public boolean mayExport(String packageName) {
        return !fits(packageName, NOBODYS) && fits(packageName, exports);
    }

    /** Whether others may see services that it registers with this interface. */
    public boolean mayOffer(String interfaceName) {
        return fits(interfaceName, ALL_OFFER) || mayExport(packageOf(interfaceName));
    }

    /**
     * Whether others may see a service that it registers with all of these interfaces: with one that may be offered, and beside
     * that only such as nobody else knows.
     */
    public boolean mayOffer(Collection<String> interfaceNames) {
        return interfaceNames.stream().anyMatch(this::mayOffer)
                && interfaceNames.stream().allMatch(name -> mayOffer(name) || isOwn(name));
    }

    /** Whether a name of a bundle, package or class is one of the vendor's. */
    public boolean isOwn(String name) {
        return names.stream()
                .flatMap(pattern -> pattern.endsWith(".*") ? Stream.of(pattern) : Stream.of(pattern, pattern + ".*"))
                .anyMatch(pattern -> fits(name, pattern));
    }

    private static boolean isNobodys(String interfaceName) {
        return fits(packageOf(interfaceName), NOBODYS);
    }

    private static String packageOf(String className) {
        return className.substring(0, Math.max(0, className.lastIndexOf('.')));
    }

    /** Whether a name fits one of these patterns. */
    public static boolean fits(String name, Collection<String> patterns) {
        return patterns.stream().anyMatch(pattern -> fits(name, pattern));
    }

    private static boolean fits(String name, String pattern) {
        return pattern.endsWith(".*")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : name.equals(pattern);
    }
}
