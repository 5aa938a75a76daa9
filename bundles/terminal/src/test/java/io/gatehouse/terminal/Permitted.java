package io.gatehouse.terminal;

import io.gatehouse.api.command.Invocation;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A device on which terminals are permitted, for doors of other packages. */
public final class Permitted implements AutoCloseable {
    private final Place place;

    public Permitted(Path folder) {
        Needs.programs("script", "stty");
        place = Place.of(folder);
    }

    public Terminals terminals() {
        return place.terminals;
    }

    /** The device's own name. */
    public String name() {
        return place.device.name();
    }

    public Invocation asked(Map<String, ?> arguments) {
        return Asked.with(arguments);
    }

    /** What is told of each terminal that is open. */
    public List<Map<String, Object>> open() {
        return place.terminals.all().stream().map(Terminal::told).toList();
    }

    public List<String> states() {
        return place.events.states();
    }

    /** The event of the first that was closed, once it is. */
    public Map<String, ?> closed() {
        return place.closed();
    }

    /** A command line that no other process of this machine has. */
    public String command(String program, int number) {
        return Own.command(program, number);
    }

    /** How many processes have this command line. */
    public int running(String command) {
        return Own.running(command);
    }

    public List<String> threads() {
        return Place.threads();
    }

    public void endAll() {
        place.terminals.close();
    }

    @Override
    public void close() {
        place.close();
    }
}
