package io.gatehouse.demo;

import io.gatehouse.cli.fleet.Broker;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.DeviceName;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    static final String USAGE = """
            usage: ./dev up [--broker URI | --port N] [--device NAME] [--place PLACE] [--state DIR] [--quiet]

            Starts a broker and a gateway on this machine and shows what the gateway says. Ctrl-C ends both.

              --broker URI    use this broker, for example tcp://192.168.1.2:1883, and start none
              --port N        where the own broker listens (default 1883, or the next one that is free)
              --device NAME   the device's name (default dwr/311-a1/<MAC address>)
              --place PLACE   where the device stands, for example world/asia/taiwan
              --state DIR     keep the state of both in DIR (default: a folder that is deleted at the end)
              --quiet         do not show what the device says""";

    private static final Set<String> VALUED = Set.of("--broker", "--port", "--device", "--place", "--state");
    private static final int HIGHEST_PORT = 65_535;

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
