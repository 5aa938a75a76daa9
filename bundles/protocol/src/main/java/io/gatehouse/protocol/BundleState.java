package io.gatehouse.protocol;

import java.util.Locale;
import org.osgi.framework.Bundle;

/** The state of a bundle, as reports and observations name it. */
public enum BundleState {
    INSTALLED,
    RESOLVED,
    STARTING,
    ACTIVE,
    STOPPING,
    UNINSTALLED;

    private final String word = name().toLowerCase(Locale.ROOT);

    /**
     * Reads a state of the framework's.
     *
     * @param state as {@code org.osgi.framework.Bundle.getState()} answers it
     */
    public static BundleState of(int state) {
        return switch (state) {
            case Bundle.INSTALLED -> INSTALLED;
            case Bundle.RESOLVED -> RESOLVED;
            case Bundle.STARTING -> STARTING;
            case Bundle.ACTIVE -> ACTIVE;
            case Bundle.STOPPING -> STOPPING;
            case Bundle.UNINSTALLED -> UNINSTALLED;
            default -> throw new IllegalArgumentException("not a bundle's state: " + state);
        };
    }

    /** The word in the payload, for example {@code active}. */
    public String word() {
        return word;
    }
}
