package io.gatehouse.firmware;

import io.gatehouse.api.firmware.FirmwareInstaller;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The engines that there are, and the one of them that is used. They come and go. Thread-safe. */
final class Engines {
    private final String name;
    private final List<Ranked> all = new ArrayList<>(); // guarded by this

    private record Ranked(Engine engine, int ranking, long id) {}

    /**
     * None yet.
     *
     * @param name of the one to use; empty for the one with the highest ranking
     */
    Engines(String name) {
        this.name = name;
    }

    /**
     * There is one more.
     *
     * @return whether another one is used now than before
     */
    synchronized boolean add(FirmwareInstaller installer, Map<String, ?> properties) {
        Optional<Engine> before = used();
        Engine engine = new Engine(String.valueOf(properties.get("gatehouse.engine")), installer);
        int ranking = properties.get("service.ranking") instanceof Integer number ? number : 0;
        long id = properties.get("service.id") instanceof Long number ? number : Long.MAX_VALUE;
        all.add(new Ranked(engine, ranking, id));
        return !used().equals(before);
    }

    /**
     * There is one less.
     *
     * @return whether another one is used now than before, or none
     */
    synchronized boolean remove(FirmwareInstaller installer) {
        Optional<Engine> before = used();
        all.removeIf(one -> one.engine().installer() == installer);
        return !used().equals(before);
    }

    /** The one that is used. */
    synchronized Optional<Engine> used() {
        return all.stream()
                .filter(one -> name.isEmpty() || one.engine().name().equals(name))
                .max(Comparator.comparingInt(Ranked::ranking)
                        .thenComparing(Comparator.comparingLong(Ranked::id).reversed()))
                .map(Ranked::engine);
    }

    /** Why none is used, in words. */
    String words() {
        return name.isEmpty()
                ? "no engine is installed here that writes firmware"
                : "the engine " + name + " that configuration io.gatehouse.firmware names is not here";
    }
}
