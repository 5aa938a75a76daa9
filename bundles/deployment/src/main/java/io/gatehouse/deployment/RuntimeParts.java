package io.gatehouse.deployment;

import java.util.Set;
import org.osgi.framework.Constants;

/** What runs outside of all bundles. A bundle of the same name would come beside it and take nobody's place. */
final class RuntimeParts {
    private static final Set<String> FRAMEWORK =
            Set.of(Constants.SYSTEM_BUNDLE_SYMBOLICNAME, "org.apache.felix.framework");

    /** By symbolic name, what the launcher has in {@code lib}; a test holds it against that. */
    private static final Set<String> LIBRARIES = Set.of(
            "io.gatehouse.launcher",
            "io.gatehouse.software",
            "jakarta.json-api",
            "org.eclipse.parsson",
            "slf4j.api",
            "slf4j.jdk14");

    private RuntimeParts() {}

    /** Refuses one of them, or an extension of the framework. */
    static void refuse(String id, Jar jar) throws Refused {
        if (jar.host().filter(FRAMEWORK::contains).isPresent()) {
            throw refused(id + " is an extension of the framework");
        }
        if (FRAMEWORK.contains(jar.symbolicName()) || LIBRARIES.contains(jar.symbolicName())) {
            throw refused(id + " is " + jar.symbolicName());
        }
    }

    private static Refused refused(String what) {
        return new Refused(
                "part-of-the-runtime",
                what
                        + ", which belongs to the runtime that carries all bundles and cannot be replaced while it runs: leave it"
                        + " out of the feature, or publish a whole runtime slot at desired/runtime");
    }
}
