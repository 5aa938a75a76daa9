package io.gatehouse.deployment;

import java.util.HashMap;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/** Which bundle a configuration is for: Configuration Admin gives it to that one and to no other. */
final class Owners {
    /** For whoever asks. */
    private static final String ANYBODY = "?";

    private final Map<String, String> locationBySymbolicName = new HashMap<>();

    /** Looks at the bundles that are installed now. */
    Owners(BundleContext context) {
        for (Bundle bundle : context.getBundles()) {
            boolean isFragment = bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null;
            if (bundle.getSymbolicName() != null && bundle.getBundleId() != Constants.SYSTEM_BUNDLE_ID && !isFragment) {
                locationBySymbolicName.put(bundle.getSymbolicName(), bundle.getLocation());
            }
        }
    }

    /**
     * Where a configuration is bound to: the bundle with the longest symbolic name that the PID is or begins with, as far as a dot;
     * where there is none, whoever asks.
     *
     * @param pid also {@code <factory>~<name>}, and with a target behind {@code |}
     */
    String location(String pid) {
        String name = pid.split("[~|]", 2)[0];
        while (!name.isEmpty()) {
            String location = locationBySymbolicName.get(name);
            if (location != null) {
                return location;
            }
            name = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        }
        return ANYBODY;
    }
}
