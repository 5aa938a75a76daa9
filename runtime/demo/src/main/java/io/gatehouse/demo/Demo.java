package io.gatehouse.demo;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.TransportProvider;
import io.gatehouse.broker.BrokerUnavailable;
import io.gatehouse.broker.EmbeddedBroker;
import io.gatehouse.cli.fleet.Broker;
import io.gatehouse.cli.fleet.DemoFile;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Roster;
import io.gatehouse.cli.fleet.Security;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.MessageLine;
import io.gatehouse.cli.screen.Screen;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** A broker and a gateway, started together, shown, and ended together. */
public final class Demo {
    private static final Duration LOOKS_AFTER_GATEWAY = Duration.ofMillis(500);
    private static final Duration ONLINE_WITHIN = Duration.ofSeconds(30);

    private final Options options;
    private final Screen screen;
    private final Path run;
    private final Path folder;
    private final Ending ending;
    private final String device;
    private final long begun = System.nanoTime();
    private boolean online;
    private boolean late;

    /**
     * Runs it. System properties: {@code gatehouse.run}, a folder with the {@code gateway}, deleted at the end;
     * {@code gatehouse.demo}, where running demos leave their files; {@code gatehouse.columns}, of the terminal, 0 where
     * there is none.
     */
    public static void main(String[] arguments) {
        System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tT %4$s %3$s: %5$s%n");
        int columns = Integer.getInteger("gatehouse.columns", 0);
        Screen.Terminal terminal = new Screen.Terminal(columns, columns > 0 && System.getenv("NO_COLOR") == null);
        Screen screen = new Screen(System.out, System.err, terminal, false);
        System.exit(run(arguments, screen));
    }

    private static int run(String[] arguments, Screen screen) {
        Ending ending = new Ending();
        Runtime.getRuntime().addShutdownHook(new Thread(ending, "ending"));
        try {
            Path run = folder("gatehouse.run");
            ending.folder(run);
            if (List.of(arguments).contains("--help")) {
                screen.line(Options.usage());
                return 0;
            }
            Options options = Options.parse(List.of(arguments));
            return new Demo(options, screen, run, folder("gatehouse.demo"), ending).run();
        } catch (IllegalArgumentException e) {
            screen.note("up: " + e.getMessage());
            return 2;
        } catch (BrokerUnavailable | Trouble | IOException e) {
            screen.note("up: " + e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static Path folder(String property) {
        String path = System.getProperty(property);
        if (path == null) {
            throw new IllegalArgumentException("system property " + property + " is missing; ./dev up sets it");
        }
        return Path.of(path);
    }

    /**
     * Prepares.
     *
     * @param run of this run alone: the gateway in {@code gateway}, and what is not kept
     * @param folder where the command looks for running demos
     */
    private Demo(Options options, Screen screen, Path run, Path folder, Ending ending) {
        this.options = options;
        this.screen = screen;
        this.run = run;
        this.folder = folder;
        this.ending = ending;
        this.device = options.device().orElseGet(() -> "dwr/311-a1/" + Machine.id());
    }

    /** Runs until the gateway ends; the exit code. A signal ends the process by way of {@link Ending}. */
    int run() throws BrokerUnavailable, IOException, Trouble, InterruptedException {
        Path state = options.state().map(Path::toAbsolutePath).orElse(run.resolve("state"));
        Path secrets = options.state().isPresent() ? state.resolve("keys") : folder.resolve("keys");
        DemoKeys keys = DemoKeys.in(secrets);
        Broker broker = options.broker().isPresent() ? options.broker().get() : new Broker(startBroker(state));
        ending.connection(Fleet.connect(
                ServiceLoader.load(TransportProvider.class),
                broker.uri(),
                Security.USUAL.permitting(true), // by whoever started a demo there; its gateway speaks so, too
                List.of(device + "/#"),
                screen::note));
        ending.connection().publish(keys.trust(device, options.place(), Clock.systemUTC()));
        long pid = ProcessHandle.current().pid();
        ending.file(new DemoFile(pid, broker.uri(), device, options.place(), Optional.of(keys.operatorFile()))
                .write(folder));
        Path log = folder.resolve(pid + ".log");
        GatewayProcess gateway = GatewayProcess.start(command(broker.uri(), state, keys.root()), log, screen::note);
        Files.writeString(run.resolve("gateway.pid"), gateway.pid() + "\n");
        ending.gateway(gateway, log);
        introduce(broker, state, secrets, log);
        return show(gateway);
    }

    private URI startBroker(Path state) throws BrokerUnavailable {
        Optional<Path> data = options.state().map(kept -> state.resolve("broker"));
        EmbeddedBroker broker = OwnBroker.start(options.port(), data, screen::note);
        ending.broker(broker);
        return broker.uri();
    }

    private List<String> command(URI broker, Path state, String root) {
        List<String> command = new ArrayList<>(List.of(
                run.resolve("gateway/bin/gatehouse-gateway").toString(),
                "--broker",
                broker.toString(),
                "--device",
                device,
                "--state",
                state.resolve("gateway").toString(),
                "-D",
                "gatehouse.root=" + root));
        options.place().ifPresent(place -> command.addAll(List.of("--place", place)));
        if (options.broker().isPresent()) { // a demo, with what whoever runs it named
            command.addAll(List.of("-D", "gatehouse.broker.plaintext=true"));
        }
        return command;
    }

    private void introduce(Broker broker, Path state, Path secrets, Path log) {
        String kept = options.state().isPresent() ? "" : "  (deleted at the end; --state DIR keeps it)";
        screen.line(screen.paint().strong("broker") + "   " + broker);
        screen.line(screen.paint().strong("device") + "   " + device);
        screen.line(screen.paint().strong("state") + "    " + state + kept);
        screen.line(screen.paint().strong("keys") + "     " + secrets + "  (./gatehouse signs with its operator.key)");
        screen.line(screen.paint().strong("log") + "      " + log);
    }

    private void suggest() {
        screen.line("");
        screen.line("In another terminal:");
        screen.line("  ./gatehouse devices");
        screen.line("  ./gatehouse status");
        screen.line("  ./gatehouse cmd ping host=127.0.0.1");
        screen.line("  ./dev new-plugin com.acme.hello Hello     a plug-in of your own, to install while this runs");
        screen.line("Ctrl-C ends broker and gateway.");
        screen.line("");
    }

    private int show(GatewayProcess gateway) throws InterruptedException {
        Fleet fleet = ending.connection();
        MessageLine line = new MessageLine(screen.paint(), ZoneId.systemDefault());
        while (gateway.isAlive()) {
            Optional<Message> message = fleet.next(LOOKS_AFTER_GATEWAY);
            message.ifPresent(arrived -> show(line, arrived));
            if (!online && !late && System.nanoTime() - begun > ONLINE_WITHIN.toNanos()) {
                late = true;
                screen.note("the gateway is not online after " + ONLINE_WITHIN.toSeconds() + " s; it wrote last:");
                gateway.lastLines().forEach(each -> screen.note("  " + each));
            }
        }
        return end(gateway);
    }

    private void show(MessageLine line, Message message) {
        if (message.topic().equals(device + "/status")) {
            noteStatus(message);
        }
        if (!options.quiet() && MessageLine.isWorthOne(message)) {
            screen.glance(line.text(message, Instant.now()));
        }
    }

    private void noteStatus(Message message) {
        try {
            boolean now =
                    new Roster().take(message).filter(Roster.Member::online).isPresent();
            if (now && !online && !message.retain()) {
                online = true;
                double seconds = (System.nanoTime() - begun) / 1e9;
                screen.line(screen.paint().good("online") + "   after " + Math.round(seconds * 10) / 10.0 + " s");
                suggest();
            }
        } catch (BadArgument e) {
            screen.note("not a status: " + e.getMessage());
        }
    }

    private int end(GatewayProcess gateway) throws InterruptedException {
        if (ending.hasBegun()) {
            return 0;
        }
        gateway.awaitOutput();
        int code = gateway.exitCode();
        if (code == 0) {
            screen.note("the gateway was told to end");
            return 0;
        }
        screen.note("the gateway ended with exit code " + code + "; it wrote last:");
        gateway.lastLines().forEach(line -> screen.note("  " + line));
        ending.keepLog();
        return 1;
    }
}
