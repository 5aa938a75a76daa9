package io.gatehouse.cli;

import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.reach.RelayAddress;
import io.gatehouse.cli.reach.RemoteShell;
import io.gatehouse.cli.reach.SshKeyPair;
import io.gatehouse.cli.reach.StockRelay;
import io.gatehouse.protocol.Scope;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
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
            "for this session alone. From a file or a pipe what is read is typed, and then Ctrl-D."
        },
        footer = {
            "%nExamples:",
            "  gatehouse shell dwr/311-a1/00-11-22-33-44-55",
            "  gatehouse shell dwr/311-a1/00-11-22-33-44-55 --gogo",
            "  gatehouse shell dwr/311-a1/00-11-22-33-44-55 --relay gate@relay.example.com --host-key SHA256:…",
            "  echo 'cat /proc/loadavg' | gatehouse shell dwr/311-a1/00-11-22-33-44-55"
        })
final class ShellCommand implements Callable<Integer> {
    private static final int LAST_PORT = 65_535;

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
        Session session = sessions.get();
        String name = OneDevice.name(session, device);
        Signer signer = session.signer(key.file(), new Scope(name));
        session.sayWhichDemo();
        return OrderlyEnd.after(() -> {
            try (Fleet fleet = session.connect(OneDevice.filters(name))) {
                return open(OneDevice.meet(fleet, signer, name), fleet);
            }
        });
    }

    private int open(OneDevice met, Fleet fleet) throws Trouble, InterruptedException {
        SshKeyPair own = SshKeyPair.generate();
        OneDevice.Answer opened = met.ask(
                "terminal.open",
                Map.of("key", own.publicKey().line(), "mode", gogo ? "gogo" : "shell", "ttl", ttl.toString()));
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
            met.close("terminal.close", id);
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
                return run(doors.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), tunnel.listen())));
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
            return run(doors.at(way.here()));
        }
    }

    private int run(RemoteShell.Door door) throws Trouble, InterruptedException {
        String type = surroundings.environment().getOrDefault("TERM", "xterm-256color");
        return new RemoteShell(surroundings.in(), surroundings.out(), type).run(door);
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
