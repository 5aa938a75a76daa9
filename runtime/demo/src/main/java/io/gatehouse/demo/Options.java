package io.gatehouse.demo;

import io.gatehouse.cli.fleet.Broker;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.DeviceName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code ./dev up} was asked for.
 *
 * @param broker to use in place of one of our own
 * @param port of our own broker
 * @param state where everything is kept; a folder that is deleted at the end without it
 * @param quiet whether to leave out what the device says
 */
record Options(
        Optional<Broker> broker,
        Optional<Integer> port,
        Optional<String> device,
        Optional<String> place,
        Optional<Path> state,
        boolean quiet) {
    private static final Set<String> VALUED = Set.of("--broker", "--port", "--device", "--place", "--state");
    private static final int HIGHEST_PORT = 65_535;

    /** What {@code ./dev up --help} says; {@code dev} prints the file itself where nothing is built yet. */
    static String usage() throws IOException {
        try (InputStream in = Objects.requireNonNull(Options.class.getResourceAsStream("usage.txt"), "usage.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
        }
    }

    /**
     * Reads the arguments.
     *
     * @throws IllegalArgumentException if one is unknown or has no fit value; the message names it
     */
    static Options parse(List<String> arguments) {
        Map<String, String> values = new HashMap<>();
        boolean quiet = false;
        for (int at = 0; at < arguments.size(); at++) {
            String name = arguments.get(at);
            if (name.equals("--quiet")) {
                quiet = true;
            } else if (!VALUED.contains(name)) {
                throw new IllegalArgumentException("unknown option: " + name + "; ./dev up --help lists them");
            } else if (++at == arguments.size()) {
                throw new IllegalArgumentException(name + " needs a value; ./dev up --help says which");
            } else {
                values.put(name, arguments.get(at));
            }
        }
        Options options = new Options(
                Optional.ofNullable(values.get("--broker")).map(Options::address),
                Optional.ofNullable(values.get("--port")).map(Options::port),
                Optional.ofNullable(values.get("--device")),
                Optional.ofNullable(values.get("--place")),
                Optional.ofNullable(values.get("--state")).map(Path::of),
                quiet);
        if (options.broker.isPresent() && options.port.isPresent()) {
            throw new IllegalArgumentException(
                    "--port is of the own broker, and --broker uses another: give one of them");
        }
        // Wrong names are told here, before anything starts.
        DeviceName.parse(options.device.orElse("dwr/311-a1/any")).scopes(options.place);
        return options;
    }

    private static Broker address(String value) {
        try {
            return Broker.parse(value);
        } catch (Trouble e) {
            throw new IllegalArgumentException("--broker: " + e.getMessage(), e);
        }
    }

    private static int port(String value) {
        if (value.matches("[0-9]{1,5}") && Integer.parseInt(value) <= HIGHEST_PORT) {
            return Integer.parseInt(value);
        }
        throw new IllegalArgumentException("--port must be from 0 to " + HIGHEST_PORT + ": " + value);
    }
}
