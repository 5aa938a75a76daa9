package io.gatehouse.testkit;

import io.gatehouse.api.device.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A device that is what it is told to be.
 *
 * @param name {@code <family>/<model>/<id>}
 */
public record FakeDevice(String name, Optional<String> place, String boot) implements Device {
    /** One without a place, in a boot of no meaning. */
    public static FakeDevice named(String name) {
        return new FakeDevice(name, Optional.empty(), "0123456789abcdef");
    }

    @Override
    public List<String> scopes() {
        List<String> scopes = new ArrayList<>();
        place.ifPresent(path -> addTo(scopes, path));
        addTo(scopes, name);
        return List.copyOf(scopes);
    }

    /** A path's beginnings, the shortest first, and itself. */
    private static void addTo(List<String> scopes, String path) {
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            scopes.add(path.substring(0, slash));
        }
        scopes.add(path);
    }
}
