package io.gatehouse.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code <family>/<model>/<id>}. */
public record DeviceName(String family, String model, String id) {
    /**
     * Reads a name.
     *
     * @throws IllegalArgumentException if it has not three levels, or one of them may not be a name
     */
    public static DeviceName parse(String text) {
        List<String> levels = Names.levels("device", text);
        if (levels.size() != 3) {
            throw new IllegalArgumentException(
                    "device \"" + text + "\" must be <family>/<model>/<id>, for example dwr/311-a1/00-11-22-33-44-55");
        }
        return new DeviceName(levels.get(0), levels.get(1), levels.get(2));
    }

    /**
     * All scopes this device lies under, from widest to narrowest: its place from root to leaf, family, model, itself.
     *
     * @throws IllegalArgumentException if the place is no path of names, or its root is the family's name
     */
    public List<String> scopes(Optional<String> place) {
        List<String> scopes = new ArrayList<>();
        place.ifPresent(path -> {
            List<String> levels = Names.levels("place", path);
            if (levels.get(0).equals(family)) {
                throw new IllegalArgumentException("place \"" + path + "\" begins with the family's name");
            }
            for (int depth = 1; depth <= levels.size(); depth++) {
                scopes.add(String.join("/", levels.subList(0, depth)));
            }
        });
        scopes.add(family);
        scopes.add(family + "/" + model);
        scopes.add(toString());
        return List.copyOf(scopes);
    }

    @Override
    public String toString() {
        return family + "/" + model + "/" + id;
    }
}
