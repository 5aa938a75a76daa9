package io.gatehouse.cli;

import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.reach.LocalDoor;
import io.gatehouse.cli.reach.RelayAddress;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.cli.screen.Waiting;
import io.gatehouse.protocol.Scope;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
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

/** Opens a tunnel, and stays for as long as this machine is its relay. */
@Command(
        name = "open",
        description = {
            "Open a tunnel to what a device reaches, and say where to connect.",
            "Without --relay the device comes to this machine, and the tunnel ends with this command (Ctrl-C).",
            "With --relay the command returns at once, and the tunnel stays until its time is over."
        },
        footer = {
            "%nExamples:",
            "  gatehouse tunnel open dwr/311-a1/00-11-22-33-44-55 --target 127.0.0.1:80",
            "  gatehouse tunnel open dwr/311-a1/00-11-22-33-44-55 --target 127.0.0.1:80 --local 8080 --ttl 2h",
            "  gatehouse tunnel open dwr/311-a1/00-11-22-33-44-55 --target 127.0.0.1:22 \\",
            "      --relay gate@relay.example.com --host-key SHA256:…"
        })
final class TunnelOpenCommand implements Callable<Integer> {
    private static final Duration LOOKS_EVERY = Duration.ofSeconds(1);
    private static final String NEWS = "tunnel";
    private static final int LAST_PORT = 65_535;

    private final Supplier<Session> sessions;

    @Parameters(
            arity = "0..1",
            paramLabel = "DEVICE",
            description = "<family>/<model>/<id>; without it the demo's device.")
    @Nullable
    private String device;

    @Option(
            names = "--target",
            required = true,
            paramLabel = "HOST:PORT",
            description = "Where the tunnel leads, as the device sees it; its configuration permits some.")
    private String target = "";

    @Mixin
    private RelayOptions relays = new RelayOptions();

    @Option(
            names = "--listen",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "The port on the relay's loopback; without it a free one.")
    private int listen;

    @Option(
            names = "--local",
            paramLabel = "[HOST:]PORT",
            description = {
                "Where to listen on this machine for whoever uses the tunnel; without it a free port on loopback.",
                "With another HOST everybody who reaches this machine comes through."
            })
    @Nullable
    private String local;

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            defaultValue = "30m",
            description = "How long it may last (${DEFAULT-VALUE}).")
    private Duration ttl = Duration.ZERO;

    @Option(
            names = "--idle",
            paramLabel = "TIME",
            defaultValue = "10m",
            description = "After how long without a byte it ends (${DEFAULT-VALUE}).")
    private Duration idle = Duration.ZERO;

    @Mixin
    private KeyOption key = new KeyOption();

    TunnelOpenCommand(Supplier<Session> sessions) {
        this.sessions = sessions;
    }

    @Override
    public Integer call() throws Trouble {
        Session session = sessions.get();
        Optional<RelayAddress> relay = relays.relay();
        if (relay.isPresent() && local != null) {
            throw new Trouble(Trouble.Kind.USAGE, "--local is for whoever names no --relay");
        }
        InetSocketAddress at = local();
        port("--listen", listen);
        String name = OneDevice.name(session, device);
        Signer signer = session.signer(key.file(), new Scope(name));
        session.sayWhichDemo();
        return OrderlyEnd.after(() -> {
            try (Waiting waiting = Waiting.begin(session.screen(), name);
                    Fleet fleet = session.connect(OneDevice.filters(name, NEWS))) {
                OneDevice met = OneDevice.meet(fleet, signer, name, waiting);
                Tunnel.Wanted wanted = new Tunnel.Wanted(target, listen, ttl, idle);
                if (relay.isPresent()) {
                    Tunnel opened = Tunnel.through(relay.get(), met, relays, wanted);
                    sayHowToComeThrough(session.screen(), relay.get(), opened);
                } else {
                    stay(session.screen(), met, wanted, at, fleet.broker().uri());
                }
            }
            return 0;
        });
    }

    private void stay(Screen screen, OneDevice met, Tunnel.Wanted wanted, InetSocketAddress at, URI broker)
            throws Trouble, InterruptedException {
        try (Tunnel tunnel = Tunnel.toHere(met, relays, wanted, broker);
                LocalDoor door = LocalDoor.open(at, tunnel::here)) {
            met.awaitedNoMore();
            sayWhereToConnect(screen, met.name(), tunnel, door);
            stay(screen, met, tunnel, door);
        }
    }

    private InetSocketAddress local() throws Trouble {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        if (local == null) {
            return new InetSocketAddress(loopback, 0);
        }
        if (local.matches("[0-9]{1,9}")) {
            return new InetSocketAddress(loopback, port("--local", Integer.parseInt(local)));
        }
        RelayAddress named = RelayAddress.parse(local, 0);
        try {
            return new InetSocketAddress(InetAddress.getByName(named.plainHost()), named.port());
        } catch (UnknownHostException e) {
            throw new Trouble(Trouble.Kind.USAGE, "no such address: " + named.plainHost(), e);
        }
    }

    private static int port(String option, int port) throws Trouble {
        if (port < 0 || port > LAST_PORT) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    option + ": no port: " + port + "; from 1 to " + LAST_PORT + ", 0 for a free one");
        }
        return port;
    }

    private void sayHowToComeThrough(Screen screen, RelayAddress relay, Tunnel tunnel) {
        Map<String, Object> told = told(tunnel);
        told.put("relay", relay.hostAndPort());
        told.put("listen", tunnel.listen());
        String there = "-p " + relay.port() + " " + relay.plainHost();
        if (screen.json()) {
            screen.object(told);
        } else if (target.endsWith(":22")) {
            screen.line("ssh -J " + relay.hostAndPort() + " -p " + tunnel.listen() + " root@127.0.0.1");
        } else {
            screen.line("ssh -N -L " + tunnel.listen() + ":127.0.0.1:" + tunnel.listen() + " " + there + "    then "
                    + url(tunnel.listen()));
        }
        screen.note("open until " + tunnel.until() + "; gatehouse tunnel close DEVICE " + tunnel.id() + " ends it");
    }

    private void sayWhereToConnect(Screen screen, String name, Tunnel tunnel, LocalDoor door) {
        Map<String, Object> told = told(tunnel);
        told.put("local", door.port());
        if (screen.json()) {
            screen.object(told);
        } else {
            screen.line(url(door.port()));
        }
        screen.note("leads to " + target + " of " + name + " until " + tunnel.until() + "; Ctrl-C ends it");
    }

    private Map<String, Object> told(Tunnel tunnel) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("id", tunnel.id());
        told.put("target", target);
        told.put("until", tunnel.until().toString());
        return told;
    }

    /** What to write into a browser, where the target's port says that it takes one. */
    private String url(int port) {
        String host = local != null && local.contains(":") ? local.substring(0, local.lastIndexOf(':')) : "127.0.0.1";
        String there = host + ":" + port;
        String service = target.substring(target.lastIndexOf(':') + 1);
        if (List.of("80", "8080", "8000").contains(service)) {
            return "http://" + there;
        }
        if (List.of("443", "8443").contains(service)) {
            return "https://" + there;
        }
        return service.equals("22") ? "ssh -p " + port + " root@" + host : there;
    }

    private static void stay(Screen screen, OneDevice device, Tunnel tunnel, LocalDoor door)
            throws Trouble, InterruptedException {
        while (Clock.systemUTC().instant().isBefore(tunnel.until())) {
            if (door.trouble().isPresent()) {
                throw new Trouble(
                        Trouble.Kind.USAGE,
                        "nobody can connect to " + door.port() + " any more: "
                                + door.trouble().get());
            }
            LocalDoor.Traffic traffic = door.traffic();
            screen.draw(List.of((tunnel.here().isPresent() ? "" : "the device is not there; it comes again by itself. ")
                    + traffic.connections() + (traffic.connections() == 1 ? " connection, " : " connections, ")
                    + traffic.received() + " bytes from the device, " + traffic.sent() + " to it"));
            Optional<OneDevice.News> news = device.news(LOOKS_EVERY)
                    .filter(each -> each.name().equals(NEWS) && each.text("id").equals(tunnel.id()));
            String state = news.map(each -> each.text("state")).orElse("");
            if (state.equals("closed")) {
                tunnel.ended();
                screen.note("the device closed it: " + news.get().text("reason"));
                return;
            }
            if (!screen.live() && (state.equals("lost") || state.equals("returned"))) {
                screen.note(state);
            }
        }
        screen.note("its time is over");
    }
}
