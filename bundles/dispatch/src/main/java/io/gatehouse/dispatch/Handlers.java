package io.gatehouse.dispatch;

import io.gatehouse.api.command.CommandHandler;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who carries out which command. Of several for one command it is the one whose bundle was installed first, and of those of one
 * bundle the one that came first. A guest carries out no command that a bundle of the house ever had, not even while that is being
 * replaced. Not thread-safe.
 */
final class Handlers {
    private final List<Registered> all = new ArrayList<>();
    private final Set<String> houses = new HashSet<>();

    /**
     * A handler that is registered.
     *
     * @param key by which it is taken away again
     * @param handler asked when its first command comes; null where it cannot be had
     * @param bundle number of its bundle: lower numbers were installed earlier
     * @param isGuest whether its bundle is held to a vendor's bounds
     */
    record Registered(
            String command, Object key, Supplier<@Nullable CommandHandler> handler, long bundle, boolean isGuest) {}

    void add(Registered registered) {
        all.add(registered);
        if (!registered.isGuest()) {
            houses.add(registered.command());
        }
    }

    void remove(Object key) {
        all.removeIf(registered -> registered.key().equals(key));
    }

    Optional<Registered> find(String command) {
        return all.stream()
                .filter(registered -> registered.command().equals(command))
                .filter(registered -> !registered.isGuest() || !houses.contains(command))
                .min(Comparator.comparingLong(Registered::bundle));
    }

    Set<String> names() {
        Set<String> names = new TreeSet<>();
        all.forEach(registered -> names.add(registered.command()));
        return names;
    }
}
