package io.gatehouse.launcher;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stood on the command line.
 *
 * @param home the image's folder, where one was named
 * @param settings by name, as they would stand in {@code conf/gateway.properties}
 */
record Arguments(Command command, Optional<String> home, Map<String, String> settings) {
    static final String USAGE = """
            Usage: gatehouse-gateway [OPTION]...
                   gatehouse-gateway seal [--home DIR]
                   gatehouse-gateway archive [OPTION]...

            Runs the gateway; with seal, writes DIR/conf/factory.json from DIR/bundles/*.jar,
            DIR/conf/start-order and DIR/conf/configurations.json; with archive, runs it for some seconds and
            keeps what it loaded in lib/gatehouse.jsa, from which later starts are a third faster.

              --home DIR        the image's folder, with bin, lib, bundles and conf
                                (default: where this program lies)
              --broker URI      where the fleet is met, for example tcp://localhost:1883
              --device D        the device's name, <family>/<model>/<id>
              --place P         the device's place, for example world/asia/taiwan
              --state DIR       what outlives the process (default: /var/lib/gatehouse)
              --cache DIR       what does not (default: cache in the state folder)
              -D NAME=VALUE     any setting; see conf/gateway.properties
              --help            this
              --version         the version

            Options win over conf/gateway.properties. Ends with 75 where it wants to be started again at once,
            with 2 where its arguments or settings will not do.
            """;

    private static final Map<String, String> SETTING_BY_OPTION = Map.of(
            "--broker", Settings.BROKER,
            "--device", Settings.DEVICE,
            "--place", Settings.PLACE,
            "--state", Settings.STATE,
            "--cache", Settings.CACHE);

    /** What to do. */
    enum Command {
        RUN,
        SEAL,
        HELP,
        VERSION
    }

    static Arguments parse(List<String> line) throws Misuse {
        Deque<String> rest = new ArrayDeque<>(line);
        Command command = Command.RUN;
        Optional<String> home = Optional.empty();
        Map<String, String> settings = new LinkedHashMap<>();
        if ("seal".equals(rest.peek())) {
            rest.remove();
            command = Command.SEAL;
        }
        while (!rest.isEmpty()) {
            String argument = rest.remove();
            int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
            String option = equals < 0 ? argument : argument.substring(0, equals);
            if (equals >= 0) {
                rest.push(argument.substring(equals + 1));
            }
            if (option.equals("--help") || option.equals("-h")) {
                return new Arguments(Command.HELP, home, Map.of());
            } else if (option.equals("--version")) {
                return new Arguments(Command.VERSION, home, Map.of());
            } else if (option.equals("--home")) {
                home = Optional.of(value(option, rest));
            } else if (command == Command.RUN && SETTING_BY_OPTION.containsKey(option)) {
                settings.put(SETTING_BY_OPTION.get(option), value(option, rest));
            } else if (command == Command.RUN && option.startsWith("-D")) {
                define(option.length() > 2 ? option.substring(2) : value(option, rest), settings);
            } else {
                throw new Misuse("unknown argument: " + argument + " (see --help)");
            }
        }
        return new Arguments(command, home, settings);
    }

    private static String value(String option, Deque<String> rest) throws Misuse {
        if (rest.isEmpty() || rest.peek().isEmpty()) {
            throw new Misuse(option + " needs a value (see --help)");
        }
        return rest.remove();
    }

    private static void define(String definition, Map<String, String> settings) throws Misuse {
        int equals = definition.indexOf('=');
        if (equals <= 0) {
            throw new Misuse("-D needs NAME=VALUE: " + definition);
        }
        settings.put(definition.substring(0, equals), definition.substring(equals + 1));
    }
}
