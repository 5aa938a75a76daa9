package io.gatehouse.cli;

import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.reach.OperatorTerminal;
import io.gatehouse.cli.reach.RelayAddress;
import io.gatehouse.cli.reach.RemoteShell;
import io.gatehouse.cli.reach.SshKeyPair;
import io.gatehouse.cli.reach.StockRelay;
import io.gatehouse.cli.reach.StreamedShell;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.cli.screen.Waiting;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.stream.Sealing;
import io.gatehouse.protocol.stream.StreamKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Opens a terminal of a device here. */
@Command(
        name = "shell",
        description = {
            "Open a shell on a device, at this terminal. Its exit status becomes this command's.",
            "The device comes to this machine, or to the server of --relay, and opens the shell to a key that is made",
            "for this session alone. From a file or a pipe what is read is typed, and then Ctrl-D.",
            "By --over-mqtt the broker carries it, sealed from end to end, and the device connects to nothing else.",
            "At a terminal Enter ~ . leaves, also where the device is not heard any more; Enter ~ ~ types one tilde."
        },
        footer = {
            "%nExamples:",
            "  gatehouse shell dwr/311-a1/00-11-22-33-44-55",
            "  gatehouse shell dwr/311-a1/00-11-22-33-44-55 --gogo",
            "  gatehouse shell dwr/311-a1/00-11-22-33-44-55 --relay gate@relay.example.com --host-key SHA256:…",
            "  gatehouse shell dwr/311-a1/00-11-22-33-44-55 --over-mqtt --fleet-ca fleet-ca.pem",
            "  echo 'cat /proc/loadavg' | gatehouse shell dwr/311-a1/00-11-22-33-44-55"
        })
final class ShellCommand implements Callable<Integer> {
    private static final int LAST_PORT = 65_535;
    private static final String CLOSE = "terminal.close";

    private final Supplier<Session> sessions;
    private final Surroundings surroundings;

    @Parameters(
            arity = "0..1",
            paramLabel = "DEVICE",
            description = "<family>/<model>/<id>; without it the demo's device.")
    @Nullable
    private String device;

    @Option(names = "--gogo", description = "The shell of the device's OSGi framework instead of its system's.")
    private boolean gogo;

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            defaultValue = "1h",
            description = "How long the session may last (${DEFAULT-VALUE}).")
    private Duration ttl = Duration.ZERO;

    @Option(
            names = "--over-mqtt",
            description = {
                "Through the broker alone, where the device is let out to nothing else.",
                "Slower than through a tunnel."
            })
    private boolean overMqtt;

    @Mixin
    private RelayOptions relays = new RelayOptions();

    @Option(
            names = "--relay-user",
            paramLabel = "USER",
            description = "As whom you log in at the relay; without it as the device does.")
    @Nullable
    private String relayUser;

    @Option(
            names = "--identity",
            paramLabel = "FILE",
            description = "Your SSH key for the relay, without a passphrase; ~/.ssh/id_ed25519 where none is named.")
    @Nullable
    private Path identity;

    @Mixin
    private FleetAuthority authority = new FleetAuthority();

    @Mixin
    private KeyOption key = new KeyOption();

    ShellCommand(Supplier<Session> sessions, Surroundings surroundings) {
        this.sessions = sessions;
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Trouble {
        if (overMqtt) {
            requireNoTunnel();
        }
        Session session = sessions.get();
        String name = OneDevice.name(session, device);
        Signer signer = session.signer(key.file(), new Scope(name));
        session.sayWhichDemo();
        return OrderlyEnd.after(() -> {
            try (Waiting waiting = Waiting.begin(session.screen(), name);
                    Fleet fleet = session.connect(filters(name))) {
                OneDevice met = OneDevice.meet(fleet, signer, name, waiting);
                return overMqtt ? stream(met, fleet, session.screen()) : open(met, fleet);
            }
        });
    }

    private void requireNoTunnel() throws Trouble {
        Optional<String> given = relays.given()
                .or(() -> Optional.ofNullable(relayUser).map(user -> "--relay-user"))
                .or(() -> Optional.ofNullable(identity).map(file -> "--identity"));
        if (given.isPresent()) {
            throw new Trouble(
                    Trouble.Kind.USAGE, given.get() + " is for a tunnel, and --over-mqtt needs none: give one of them");
        }
    }

    private List<String> filters(String name) {
        List<String> filters = new ArrayList<>(OneDevice.filters(name));
        if (overMqtt) {
            filters.add(StreamedShell.filter(name));
        }
        return filters;
    }

    private int stream(OneDevice met, Fleet fleet, Screen screen) throws Trouble, InterruptedException {
        StreamKey own = StreamKey.generate();
        OperatorTerminal.Size size = OperatorTerminal.here().orElse(OperatorTerminal.Size.USUAL);
        Map<String, Object> arguments = new LinkedHashMap<>(arguments(own.publicKey()));
        arguments.put("term", term());
        arguments.put("columns", size.columns());
        arguments.put("rows", size.rows());
        OneDevice.Answer opened = met.open("terminal.stream", CLOSE, arguments);
        String id = opened.text("id");
        try {
            String devicesKey = opened.text("key");
            authority.check(opened, own.publicKey(), devicesKey, surroundings.clock(), screen::note);
            Sealing sealing = own.withDevice(id, devicesKey);
            screen.note("over MQTT: slower than through a tunnel");
            met.awaitedNoMore();
            StreamedShell.Place place = new StreamedShell.Place(met.name(), opened.boot(), id);
            return new StreamedShell(fleet, place, sealing, screen).run(surroundings.in(), surroundings.out());
        } catch (InvalidKeyException e) {
            throw new Trouble(
                    Trouble.Kind.REFUSED,
                    met.name() + " answered terminal.stream with a key that is none: " + e.getMessage(),
                    e);
        } finally {
            met.close(CLOSE, id);
        }
    }

    private Map<String, Object> arguments(String publicKey) {
        return Map.of("key", publicKey, "mode", gogo ? "gogo" : "shell", "ttl", ttl.toString());
    }

    private String term() {
        return surroundings.environment().getOrDefault("TERM", "xterm-256color");
    }

    private int open(OneDevice met, Fleet fleet) throws Trouble, InterruptedException {
        SshKeyPair own = SshKeyPair.generate();
        OneDevice.Answer opened =
                met.open("terminal.open", CLOSE, arguments(own.publicKey().line()));
        String id = opened.text("id");
        try {
            authority.check(
                    opened,
                    own.publicKey().line(),
                    opened.text("hostKey"),
                    surroundings.clock(),
                    sessions.get().screen()::note);
            String target = "127.0.0.1:" + opened.number("port", 1, LAST_PORT);
            return connect(
                    met,
                    fleet,
                    new Tunnel.Wanted(target, 0, ttl, ttl),
                    at -> new RemoteShell.Door(at, opened.text("user"), opened.text("hostKey"), own));
        } finally {
            met.close(CLOSE, id);
        }
    }

    /** What to connect to, once it is known where. */
    @FunctionalInterface
    private interface Doors {
        RemoteShell.Door at(InetSocketAddress where) throws Trouble;
    }

    private int connect(OneDevice met, Fleet fleet, Tunnel.Wanted wanted, Doors doors)
            throws Trouble, InterruptedException {
        Optional<RelayAddress> relay = relays.relay();
        if (relay.isEmpty()) {
            try (Tunnel tunnel =
                    Tunnel.toHere(met, relays, wanted, fleet.broker().uri())) {
                return run(met, doors.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), tunnel.listen())));
            }
        }
        String hostKey = relays.hostKey()
                .orElseThrow(() -> new Trouble(
                        Trouble.Kind.USAGE,
                        "by which key do you know " + relay.get().hostAndPort() + "? Give --host-key"));
        SshKeyPair own = SshKeyPair.read(identity());
        String user = relayUser == null ? RelayOptions.user(relay.get()) : relayUser;
        try (Tunnel tunnel = Tunnel.through(relay.get(), met, relays, wanted);
                StockRelay way = StockRelay.through(relay.get(), user, hostKey, own, tunnel.listen())) {
            return run(met, doors.at(way.here()));
        }
    }

    private int run(OneDevice met, RemoteShell.Door door) throws Trouble, InterruptedException {
        met.awaitedNoMore();
        return new RemoteShell(
                        surroundings.in(),
                        surroundings.out(),
                        term(),
                        sessions.get().screen())
                .run(door);
    }

    private Path identity() throws Trouble {
        if (identity != null) {
            return identity;
        }
        String home = surroundings.environment().get("HOME");
        if (home == null) {
            throw new Trouble(Trouble.Kind.USAGE, "HOME is not set: name your SSH key by --identity");
        }
        return Path.of(home, ".ssh", "id_ed25519");
    }
}
