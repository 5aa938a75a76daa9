package io.gatehouse.cli;

import io.gatehouse.cli.ca.Authority;
import io.gatehouse.cli.ca.CertificateFiles;
import io.gatehouse.cli.ca.RevocationList;
import io.gatehouse.cli.ca.Tokens;
import io.gatehouse.cli.fleet.KeyFile;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.cli.screen.Table;
import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.enrollment.Token;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The fleet's own certificate authority. */
@Command(
        name = "ca",
        description = {
            "Give devices certificates: the fleet's own certificate authority, in a folder.",
            "A device is given a one-time token, makes a key that never leaves it, claims its certificate by the",
            "token, and renews it by itself as long as gatehouse ca serve runs now and then."
        },
        footer = {
            "%nExamples:",
            "  gatehouse ca new fleet",
            "  gatehouse ca certificate fleet --server broker.example.org,192.168.1.2",
            "  gatehouse ca token fleet --device dwr/311-a1/00-11-22-33-44-55 --place world/asia --root root.key",
            "  gatehouse ca serve fleet --broker ssl://broker.example.org:8886"
        })
final class CaCommand {
    private final Supplier<Session> sessions;
    private final Clock clock;

    CaCommand(Supplier<Session> sessions, Clock clock) {
        this.sessions = sessions;
        this.clock = clock;
    }

    @Command(
            name = "new",
            description = {
                "Make an authority in a new folder, and print its certificate's fingerprint.",
                "There is no second copy of its key: keep one of the folder, where nobody else comes."
            },
            footer = {"%nExamples:", "  gatehouse ca new fleet --name \"Acme routers\""})
    int create(
            @Parameters(paramLabel = "DIR", description = "A new folder.") Path folder,
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            defaultValue = "Gatehouse fleet",
                            description = "What its certificate calls it (${DEFAULT-VALUE}).")
                    String name)
            throws Trouble {
        return fingerprint(Authority.create(folder, name, clock));
    }

    @Command(
            name = "fingerprint",
            description = "Print the SHA-256 of the authority's certificate.",
            footer = {"%nExamples:", "  gatehouse ca fingerprint fleet"})
    int fingerprint(@Parameters(paramLabel = "DIR", description = "The authority's folder.") Path folder)
            throws Trouble {
        return fingerprint(Authority.open(folder, clock));
    }

    private int fingerprint(Authority authority) {
        print("fingerprint", authority.fingerprint().hex());
        return 0;
    }

    @Command(
            name = "token",
            description = {
                "Make a one-time token for a device, and print it: one line, to be given to the device as its setting",
                "gatehouse.token or in a file. Whoever has it first becomes that device."
            },
            footer = {
                "%nExamples:",
                "  gatehouse ca token fleet --device dwr/311-a1/00-11-22-33-44-55 --root root.key >token",
                "  gatehouse ca token fleet --device dwr/311-a1/7 --place world/asia/taiwan --root root.key"
            })
    int token(
            @Parameters(paramLabel = "DIR", description = "The authority's folder.") Path folder,
            @Option(names = "--device", paramLabel = "DEVICE", required = true, description = "The device's name.")
                    String device,
            @Option(names = "--place", paramLabel = "PLACE", description = "Where it stands.") @Nullable String place,
            @Option(
                            names = "--root",
                            paramLabel = "KEY",
                            required = true,
                            description = "The root that it is to trust: a key's thumbprint, or a file with the key.")
                    String root,
            @Option(
                            names = "--valid",
                            paramLabel = "TIME",
                            defaultValue = "P7D",
                            description = "How long it may be used (${DEFAULT-VALUE}).")
                    Duration valid)
            throws Trouble {
        Authority authority = Authority.open(folder, clock);
        try {
            DeviceName name = DeviceName.parse(device);
            Token token = new Tokens(authority).grant(name, Optional.ofNullable(place), thumbprint(root), valid);
            print("token", token.write());
            return 0;
        } catch (IllegalArgumentException e) {
            throw new Trouble(Trouble.Kind.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private static String thumbprint(String root) throws Trouble {
        Path file = Path.of(root);
        return Files.exists(file) ? KeyFile.readPublic(file).thumbprint() : root;
    }

    @Command(
            name = "list",
            description = "List the devices that a token was made for: waiting, enrolled, or their certificate ended.",
            footer = {"%nExamples:", "  gatehouse ca list fleet", "  gatehouse ca list fleet -o json"})
    int list(@Parameters(paramLabel = "DIR", description = "The authority's folder.") Path folder) throws Trouble {
        Screen screen = sessions.get().screen();
        Table table = new Table(screen.paint(), "DEVICE", "PLACE", "STATE", "UNTIL", "SERIAL");
        for (Tokens.Listed device : new Tokens(Authority.open(folder, clock)).list()) {
            if (screen.json()) {
                screen.object(device.write());
            } else {
                table.row(
                        device.device(),
                        device.place().orElse(""),
                        device.state(),
                        device.until().toString(),
                        device.serial().orElse(""));
            }
        }
        if (!table.isEmpty()) {
            screen.lines(table.lines());
        }
        return 0;
    }

    @Command(
            name = "release",
            description = {
                "Revoke a device's certificates and free its name, so that another machine can claim it by a new token:",
                "after a repair, a theft. Brokers hear of it by a new list from gatehouse ca crl."
            },
            footer = {"%nExamples:", "  gatehouse ca release fleet dwr/311-a1/00-11-22-33-44-55"})
    int release(
            @Parameters(index = "0", paramLabel = "DIR", description = "The authority's folder.") Path folder,
            @Parameters(index = "1", paramLabel = "DEVICE", description = "The device's name.") String device)
            throws Trouble {
        new Tokens(Authority.open(folder, clock)).release(device);
        sessions.get().screen().say(device + " may be claimed anew; gatehouse ca token makes the token");
        return 0;
    }

    @Command(
            name = "crl",
            description = {
                "Write the list of the certificates that were revoked and have not ended, for mosquitto (crlfile).",
                "The broker believes them until it has read it (SIGHUP), and as long as they stay connected."
            },
            footer = {"%nExamples:", "  gatehouse ca crl fleet --out fleet.crl"})
    int crl(
            @Parameters(paramLabel = "DIR", description = "The authority's folder.") Path folder,
            @Option(
                            names = "--out",
                            paramLabel = "FILE",
                            description = "Where it is written; without it, it is printed.")
                    @Nullable
                    Path out,
            @Option(
                            names = "--days",
                            paramLabel = "N",
                            defaultValue = "3650",
                            description = {
                                "How long it is good (${DEFAULT-VALUE}). A broker whose list is older",
                                "lets nobody in: make another before that."
                            })
                    long days)
            throws Trouble {
        RevocationList list = RevocationList.of(Authority.open(folder, clock), days);
        if (out == null) {
            print("crl", list.pem().strip());
        } else {
            list.write(out);
            print("crl", out.toString());
        }
        sessions.get().screen().note("revoked: " + list.serials().size() + "; to be replaced before " + list.until());
        return 0;
    }

    @Command(
            name = "certificate",
            description = {
                "Make a key and a certificate for a broker, or for somebody who operates devices through one.",
                "Where the key is there already, only the certificate is made anew."
            },
            footer = {
                "%nExamples:",
                "  gatehouse ca certificate fleet --server broker.example.org,192.168.1.2",
                "  gatehouse ca certificate operators --client anna"
            })
    int certificate(
            @Parameters(paramLabel = "DIR", description = "The authority's folder.") Path folder,
            @Option(
                            names = "--server",
                            paramLabel = "NAME|IP",
                            split = ",",
                            description = "What devices call the broker; files are named for the first.")
                    @Nullable
                    List<String> server,
            @Option(
                            names = "--client",
                            paramLabel = "USER",
                            description = "What the broker is to call who has the certificate.")
                    @Nullable
                    String client,
            @Option(
                            names = "--out",
                            paramLabel = "DIR",
                            description = "Where the files are written; without it beside the authority's.")
                    @Nullable
                    Path out,
            @Option(
                            names = "--life",
                            paramLabel = "TIME",
                            defaultValue = "P730D",
                            description = "How long it is good (${DEFAULT-VALUE}).")
                    Duration life)
            throws Trouble {
        CertificateFiles files = new CertificateFiles(Authority.open(folder, clock));
        if ((server == null) == (client == null)) {
            throw new Trouble(Trouble.Kind.USAGE, "for whom? Give --server or --client");
        }
        Path where = out == null ? folder : out;
        CertificateFiles.Written written = client == null
                ? files.server(server == null ? List.of() : server, where, life)
                : files.client(client, where, life);
        print("certificate", written.certificate().toString());
        sessions.get().screen().note("its key is " + written.key());
        return 0;
    }

    private void print(String name, String value) {
        Screen screen = sessions.get().screen();
        if (screen.json()) {
            screen.object(Map.of(name, value));
        } else {
            screen.lines(value.lines().toList());
        }
    }
}
