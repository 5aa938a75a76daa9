package io.gatehouse.cli;

import io.gatehouse.cli.fleet.Broker;
import io.gatehouse.cli.fleet.DemoFile;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.KeyFile;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.Scope;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One run of one command: whom it talks to, and where it writes. */
final class Session {
    private final Surroundings surroundings;
    private final Optional<String> broker;
    private final Optional<Path> passwordFile;
    private final TlsOptions tls;
    private final boolean verbose;
    private final Screen screen;

    Session(
            Surroundings surroundings,
            @Nullable String broker,
            @Nullable Path passwordFile,
            TlsOptions tls,
            boolean json,
            boolean verbose) {
        this.surroundings = surroundings;
        this.passwordFile = Optional.ofNullable(passwordFile);
        this.tls = tls;
        // an empty --broker is a script's unset variable, and not to be taken for another fleet
        this.broker = Optional.ofNullable(broker).or(() -> environment("GATEHOUSE_BROKER"));
        this.verbose = verbose;
        this.screen = new Screen(surroundings.out(), surroundings.err(), surroundings.terminal(), json);
    }

    Screen screen() {
        return screen;
    }

    /** Connects to the broker that was named, or to the running demo's. */
    Fleet connect(List<String> filters) throws Trouble, InterruptedException {
        // a demo elsewhere was permitted by whoever started it
        return connect(broker(), broker.isEmpty(), filters);
    }

    /** Connects to another broker, as the same. */
    Fleet connect(String address, List<String> filters) throws Trouble, InterruptedException {
        return connect(Broker.parse(address), false, filters);
    }

    private Fleet connect(Broker where, boolean plaintext, List<String> filters) throws Trouble, InterruptedException {
        if (!verbose) {
            // What the transport would log comes back as the one line of a Trouble.
            Logger.getLogger("").setLevel(Level.OFF);
        }
        return Fleet.connect(
                surroundings.transports(),
                where.uri(),
                tls.security(surroundings.environment()).permitting(plaintext),
                filters,
                screen::note);
    }

    /**
     * The scope that was named, or else the running demo's device.
     *
     * @param how it is named, for whoever did not
     */
    Scope scope(@Nullable String named, String how) throws Trouble {
        if (named != null) {
            try {
                return new Scope(named);
            } catch (IllegalArgumentException e) {
                throw new Trouble(Trouble.Kind.USAGE, String.valueOf(e.getMessage()), e);
            }
        }
        return demo().map(demo -> new Scope(demo.device()))
                .orElseThrow(() -> new Trouble(
                        Trouble.Kind.USAGE,
                        "to which devices? Give " + how
                                + ", a device, model, family or place (gatehouse devices lists them)"));
    }

    /**
     * Signs what is sent to this scope: with the key that was named, or else the environment's, that of a demo whose device lies
     * there, or the user's own.
     */
    Signer signer(Optional<Path> named, Scope scope) throws Trouble {
        Optional<Path> file = named.or(() -> environment("GATEHOUSE_KEY").map(Path::of))
                .or(() -> demosKey(scope))
                .or(() -> ownKeyFile().filter(Files::exists));
        return new Signer(List.of(KeyFile.read(file.orElseThrow(() -> noKey(scope)))), surroundings.clock());
    }

    private Trouble noKey(Scope scope) {
        List<DemoFile> demos = demosHere().toList();
        if (!demos.isEmpty()) {
            String scopes = demos.stream()
                    .flatMap(demo -> DeviceName.parse(demo.device()).scopes(demo.place()).stream())
                    .distinct()
                    .collect(Collectors.joining(", "));
            return new Trouble(
                    Trouble.Kind.USAGE,
                    "no key to sign with for " + scope
                            + ": the demo's is for its devices and the scopes above them, which" + " are " + scopes
                            + "; for others give --key FILE or GATEHOUSE_KEY");
        }
        return new Trouble(
                Trouble.Kind.USAGE,
                "no key to sign with, and devices take nothing unsigned: give --key FILE or GATEHOUSE_KEY;"
                        + " gatehouse key new makes a key, and gatehouse trust --help says how devices come to"
                        + " trust it");
    }

    private Stream<DemoFile> demosHere() {
        return demos().stream().filter(demo -> broker.isEmpty() || isAt(broker.get(), demo));
    }

    private Optional<Path> demosKey(Scope scope) {
        return demosHere()
                .filter(demo -> scope.covers(demo.device(), demo.place()))
                .findFirst()
                .flatMap(DemoFile::key);
    }

    private static boolean isAt(String address, DemoFile demo) {
        try {
            return new Broker(demo.broker()).isAt(Broker.parse(address));
        } catch (Trouble e) {
            return false; // whoever connects says so
        }
    }

    /** The file of the key that signs by default, whether it is there or not. */
    Optional<Path> ownKeyFile() {
        return environment("XDG_CONFIG_HOME")
                .map(Path::of)
                .or(() -> environment("HOME").map(home -> Path.of(home, ".config")))
                .map(folder -> folder.resolve("gatehouse").resolve("operator.key"));
    }

    private Optional<String> environment(String name) {
        return Optional.ofNullable(surroundings.environment().get(name)).filter(value -> !value.isBlank());
    }

    /** The demo that runs where we connect to. */
    Optional<DemoFile> demo() throws Trouble {
        Broker where = broker();
        return demos().stream()
                .filter(demo -> new Broker(demo.broker()).isAt(where))
                .findFirst();
    }

    private Broker broker() throws Trouble {
        Broker found = broker.isPresent() ? Broker.parse(broker.get()) : demosBroker();
        return passwordFile.isPresent() ? found.withPassword(firstLine(passwordFile.get())) : found;
    }

    private Broker demosBroker() throws Trouble {
        List<DemoFile> demos = demos();
        if (demos.isEmpty()) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "no demo runs, and no broker was named: start one with ./dev up, or give --broker"
                            + " tcp://host:1883 or GATEHOUSE_BROKER");
        }
        return new Broker(demos.get(0).broker());
    }

    /** Says which demo is meant where several run; to be called once, by a command that talks. */
    void sayWhichDemo() {
        List<DemoFile> demos = demos();
        if (broker.isEmpty() && demos.size() > 1) {
            DemoFile newest = demos.get(0);
            screen.note(demos.size() + " demos run; this is the newest: " + newest.device() + " at "
                    + new Broker(newest.broker()));
        }
    }

    private static String firstLine(Path file) throws Trouble {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            String line = reader.readLine();
            if (line == null || line.isEmpty()) {
                throw new Trouble(
                        Trouble.Kind.USAGE, "the first line of " + file + " is empty; the password belongs there");
            }
            return line;
        } catch (NoSuchFileException e) {
            throw new Trouble(Trouble.Kind.USAGE, "no such password file: " + file, e);
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.USAGE, "cannot read the password file " + file + ": " + e.getMessage(), e);
        }
    }

    private List<DemoFile> demos() {
        String folder = surroundings.environment().get(DemoFile.FOLDER);
        return folder == null ? List.of() : DemoFile.running(Path.of(folder));
    }
}
