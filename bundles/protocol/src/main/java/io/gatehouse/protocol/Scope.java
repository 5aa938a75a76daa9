package io.gatehouse.protocol;

import java.util.Optional;

/** Where a message to devices is addressed: a place, a family, a model or a device. */
public record Scope(String path) {
    /**
     * Checks a scope.
     *
     * @throws IllegalArgumentException if a level may not be a name
     */
    public Scope {
        Names.levels("scope", path);
    }

    /** Whether a device of this name, at this place, lies under it; whole levels only. */
    public boolean covers(String device, Optional<String> place) {
        return contains(device) || place.filter(this::contains).isPresent();
    }

    /** Whether another scope, or a device's name, is this one or lies under it; whole levels only. */
    public boolean contains(String name) {
        return name.equals(path) || name.startsWith(path + "/");
    }

    @Override
    public String toString() {
        return path;
    }
}
