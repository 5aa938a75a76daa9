package io.gatehouse.dispatch;

import io.gatehouse.api.command.CommandHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who carries out which command. Of several for one command the one that came first does. Not thread-safe. */
final class Handlers {
    private final List<Registered> all = new ArrayList<>();

    /**
     * A handler that is registered.
     *
     * @param key by which it is taken away again
     * @param handler asked when its first command comes; null where it cannot be had
     */
    record Registered(String command, Object key, Supplier<@Nullable CommandHandler> handler) {}

    void add(Registered registered) {
        all.add(registered);
    }

    void remove(Object key) {
        all.removeIf(registered -> registered.key().equals(key));
    }

    Optional<Registered> find(String command) {
        return all.stream()
                .filter(registered -> registered.command().equals(command))
                .findFirst();
    }

    Set<String> names() {
        Set<String> names = new TreeSet<>();
        all.forEach(registered -> names.add(registered.command()));
        return names;
    }
}
