package io.gatehouse.broker;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The broker as a process of its own: {@code [--port N] [--data DIR] [--protocols LIST]}. Runs until it is told to end. */
public final class Broker {
    private static final int DEFAULT_PORT = 1883;
    private static final String ONE_LINE = "%1$tFT%1$tT %4$s %3$s: %5$s%n";
    private static final String USAGE = """
            usage: broker [--port N] [--data DIR] [--protocols LIST]
              --port N    listen at 127.0.0.1:N (default 1883; 0 takes a free one and prints it)
              --data DIR  keep sessions and messages in DIR (default: in memory, nothing is written)
              --protocols LIST  what it speaks at that port, for example MQTT,AMQP (default MQTT); each must be on
                          the class path""";

    /** What the arguments ask for. */
    record Options(int port, Optional<Path> data, String protocols) {
        static Options parse(List<String> arguments) {
            int port = DEFAULT_PORT;
            Optional<Path> data = Optional.empty();
            String protocols = EmbeddedBroker.MQTT;
            for (int i = 0; i < arguments.size(); i += 2) {
                String name = arguments.get(i);
                if (i + 1 == arguments.size()) {
                    throw new IllegalArgumentException(name + " needs a value");
                }
                String value = arguments.get(i + 1);
                switch (name) {
                    case "--port" -> port = port(value);
                    case "--data" -> data = Optional.of(Path.of(value));
                    case "--protocols" -> protocols = value;
                    default -> throw new IllegalArgumentException("unknown option " + name);
                }
            }
            return new Options(port, data, protocols);
        }

        private static int port(String value) {
            try {
                int port = Integer.parseInt(value);
                if (port >= 0 && port <= 65_535) {
                    return port;
                }
            } catch (NumberFormatException e) {
                // Said below.
            }
            throw new IllegalArgumentException("--port must be from 0 to 65535: " + value);
        }
    }

    private Broker() {}

    /** Starts it, and says where it is; ends with 2 where it was not understood, with 1 where it cannot start. */
    public static void main(String[] arguments) {
        try {
            Options options = Options.parse(List.of(arguments));
            System.setProperty("java.util.logging.SimpleFormatter.format", ONE_LINE);
            EmbeddedBroker broker = EmbeddedBroker.start(options.port(), options.data(), options.protocols());
            Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker shutdown"));
            System.out.println("MQTT broker at " + broker.uri());
        } catch (IllegalArgumentException e) {
            fail(2, e.getMessage() + System.lineSeparator() + USAGE);
        } catch (BrokerUnavailable e) {
            fail(1, String.valueOf(e.getMessage()));
        }
    }

    private static void fail(int code, String message) {
        System.err.println(message);
        System.exit(code);
    }
}
