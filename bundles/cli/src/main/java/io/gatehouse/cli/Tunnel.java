package io.gatehouse.cli;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.reach.EmbeddedRelay;
import io.gatehouse.cli.reach.RelayAddress;
import io.gatehouse.cli.reach.SshKey;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A tunnel of a device that was opened here. */
final class Tunnel implements AutoCloseable {
    private static final int LAST_PORT = 65_535;
    private static final String CLOSE = "tunnel.close";

    /** A relay that ended with its machine does not come again: its key was made for it alone. */
    private static final Duration LOST = Duration.ofMinutes(3);

    private final OneDevice device;
    private final Optional<EmbeddedRelay> own;
    private final String id;
    private final int listen;
    private final Instant until;
    private boolean closed;

    private Tunnel(OneDevice device, Optional<EmbeddedRelay> own, String id, OneDevice.Answer opened) throws Trouble {
        this.device = device;
        this.own = own;
        this.id = id;
        this.listen = opened.number("listen", 1, LAST_PORT);
        try {
            this.until = Instant.parse(opened.text("until"));
        } catch (DateTimeParseException e) {
            throw new Trouble(
                    Trouble.Kind.REFUSED, device.name() + " answered tunnel.open strangely: " + e.getMessage(), e);
        }
    }

    /** Has it opened; where what the device answers is of no use, it is closed again. */
    private static Tunnel open(OneDevice device, Optional<EmbeddedRelay> own, Map<String, ?> arguments)
            throws Trouble, InterruptedException {
        OneDevice.Answer opened = device.open("tunnel.open", CLOSE, arguments);
        String id = opened.text("id");
        try {
            return new Tunnel(device, own, id, opened);
        } catch (Trouble e) {
            device.close(CLOSE, id);
            throw e;
        }
    }

    /**
     * What is asked for.
     *
     * @param target {@code host:port} as the device sees it
     * @param listen the port at the relay; 0 for one of its choice
     */
    record Wanted(String target, int listen, Duration ttl, Duration idle) {}

    /** Opens one to a server that was named. */
    static Tunnel through(RelayAddress relay, OneDevice device, RelayOptions options, Wanted wanted)
            throws Trouble, InterruptedException {
        Map<String, Object> arguments = arguments(wanted);
        arguments.put("relay", relay.hostAndPort());
        arguments.put("user", RelayOptions.user(relay));
        options.hostKey().ifPresent(key -> arguments.put("hostKey", key));
        options.certificate().ifPresent(certificate -> arguments.put("certificate", certificate));
        return open(device, Optional.empty(), arguments);
    }

    /**
     * Opens one to this process, which becomes the server.
     *
     * @param broker that the device reaches as well: on the way there lies the address by which it finds this machine
     */
    static Tunnel toHere(OneDevice device, RelayOptions options, Wanted wanted, URI broker)
            throws Trouble, InterruptedException {
        if (options.hostKey().isPresent() || options.certificate().isPresent()) {
            throw new Trouble(Trouble.Kind.USAGE, "--host-key and --certificate go with --relay");
        }
        SshKey key = SshKey.read(device.ask("tunnel.key", Map.of()).text("key"));
        InetSocketAddress bind = options.bind(broker);
        EmbeddedRelay relay = EmbeddedRelay.start(bind, key, wanted.listen());
        try {
            Map<String, Object> arguments = arguments(wanted);
            arguments.put("relay", options.address(bind.getAddress(), relay.port(), broker));
            arguments.put("user", EmbeddedRelay.USER);
            arguments.put("hostKey", relay.hostKey());
            arguments.put("lost", LOST.toString());
            return open(device, Optional.of(relay), arguments);
        } catch (Trouble | InterruptedException e) {
            relay.close();
            throw e;
        }
    }

    private static Map<String, Object> arguments(Wanted wanted) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("target", wanted.target());
        arguments.put("listen", wanted.listen());
        arguments.put("ttl", wanted.ttl().toString());
        arguments.put("idle", wanted.idle().toString());
        return arguments;
    }

    String id() {
        return id;
    }

    /** The port on the relay's loopback that leads to the device. */
    int listen() {
        return listen;
    }

    /** The same where this machine is the relay; nothing while the device is not there. */
    OptionalInt here() {
        return own.map(EmbeddedRelay::listening).orElse(OptionalInt.empty());
    }

    Instant until() {
        return until;
    }

    /** The device said that it ended: nothing is left to be closed there. */
    void ended() {
        closed = true;
    }

    @Override
    public void close() {
        if (!closed) {
            device.close(CLOSE, id);
        }
        own.ifPresent(EmbeddedRelay::close);
    }
}
