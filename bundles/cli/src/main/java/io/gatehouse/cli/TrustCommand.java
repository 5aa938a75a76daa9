package io.gatehouse.cli;

import io.gatehouse.cli.fleet.Grant;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.TrustEdit;
import io.gatehouse.cli.fleet.TrustFile;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.cli.screen.Table;
import io.gatehouse.protocol.trust.Licensor;
import io.gatehouse.protocol.trust.Role;
import io.gatehouse.protocol.trust.TrustDocument;
import io.gatehouse.protocol.trust.TrustedKey;
import io.gatehouse.protocol.trust.Vendor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Edits trust documents. Each edit raises the version. */
@Command(
        name = "trust",
        description = {
            "Say whom devices trust: edit a trust document in a file, then publish it, signed by a root key.",
            "A key has roles, and scopes where they hold: root signs trust documents, operator features and",
            "commands, vouch answers for bundles that no vendor signed, firmware and license sign those."
        },
        footer = {
            "%nExamples:",
            "  gatehouse trust new trust.json --add root=root.key@dwr --add operator,vouch=operator.key@dwr",
            "  gatehouse trust publish trust.json --to dwr --key root.key",
            "  gatehouse trust show trust.json"
        })
final class TrustCommand {
    private final Supplier<Session> sessions;

    TrustCommand(Supplier<Session> sessions) {
        this.sessions = sessions;
    }

    @Command(
            name = "new",
            description = "Make the first version of a trust document.",
            footer = {
                "%nExamples:",
                "  gatehouse trust new trust.json --add root=root.key@dwr,world --add operator,vouch=anna.jwk@dwr/311-a1"
            })
    int create(
            @Parameters(paramLabel = "FILE", description = "A new file.") Path file,
            @Option(
                            names = "--add",
                            paramLabel = Grant.FORM,
                            required = true,
                            description = {
                                "A key, what it may sign and where. KEYFILE is a private key's, or a public one's as",
                                "gatehouse key show prints it. One key at least must be a root."
                            })
                    List<String> grants,
            @Mixin LicensorOptions licensor)
            throws Trouble {
        if (Files.exists(file)) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    file + " is there already: gatehouse trust add changes it, a new one needs a new name");
        }
        return write(file, granting(new TrustEdit(new TrustDocument(0, List.of(), List.of())), grants, licensor));
    }

    @Command(
            name = "add",
            description = "Add keys, or change the roles and scopes of keys that are there.",
            footer = {
                "%nExamples:",
                "  gatehouse trust add trust.json operator=anna.jwk@dwr/311-a1,world/asia",
                "  gatehouse trust add trust.json license=acme.jwk@dwr --issuer acme --features com.acme.*,tunnel"
            })
    int add(
            @Parameters(index = "0", paramLabel = "FILE", description = "The trust document.") Path file,
            @Parameters(
                            index = "1..*",
                            arity = "1..*",
                            paramLabel = Grant.FORM,
                            description = "A key, what it may sign and where.")
                    List<String> grants,
            @Mixin LicensorOptions licensor)
            throws Trouble {
        return write(file, granting(new TrustEdit(TrustFile.read(file)), grants, licensor));
    }

    @Command(
            name = "retire",
            description = "Let a key sign nothing new; what it signed before stands.",
            footer = {"%nExamples:", "  gatehouse trust retire trust.json 9nW3kT"})
    int retire(
            @Parameters(index = "0", paramLabel = "FILE", description = "The trust document.") Path file,
            @Parameters(index = "1", paramLabel = "KID", description = "The key's thumbprint, or its beginning.")
                    String kid)
            throws Trouble {
        return write(file, new TrustEdit(TrustFile.read(file)).retire(kid));
    }

    @Command(
            name = "revoke",
            description = {
                "Take a key away that got into wrong hands.",
                "Devices report what it signed and is in force (event/security), and keep that until",
                "something else is published there."
            },
            footer = {"%nExamples:", "  gatehouse trust revoke trust.json 9nW3kT"})
    int revoke(
            @Parameters(index = "0", paramLabel = "FILE", description = "The trust document.") Path file,
            @Parameters(index = "1", paramLabel = "KID", description = "The key's thumbprint, or its beginning.")
                    String kid)
            throws Trouble {
        return write(file, new TrustEdit(TrustFile.read(file)).revoke(kid));
    }

    @Command(
            name = "show",
            description = "Show a trust document.",
            footer = {"%nExamples:", "  gatehouse trust show trust.json"})
    int show(@Parameters(paramLabel = "FILE", description = "The trust document.") Path file) throws Trouble {
        TrustDocument document = TrustFile.read(file);
        Screen screen = sessions.get().screen();
        if (screen.json()) {
            screen.object(document.write());
            return 0;
        }
        screen.line("version " + document.version());
        showKeys(screen, document);
        Table vendors = new Table(screen.paint(), "VENDOR", "NAMES", "CERTIFICATE", "UNTIL", "GRANTS");
        for (Vendor vendor : document.vendors()) {
            vendors.row(
                    vendor.name(),
                    String.join(",", vendor.names()),
                    vendor.authority().getSubjectX500Principal().getName(),
                    vendor.authority().getNotAfter().toInstant().toString(),
                    String.join(",", vendor.grants().keySet()));
        }
        if (!vendors.isEmpty()) {
            screen.line("");
            screen.lines(vendors.lines());
        }
        Table relays = new Table(screen.paint(), "RELAY", "HOST KEYS");
        document.relays().forEach(relay -> relays.row(relay.address(), String.join(",", relay.hostKeys())));
        if (!relays.isEmpty()) {
            screen.line("");
            screen.lines(relays.lines());
        }
        return 0;
    }

    private static void showKeys(Screen screen, TrustDocument document) {
        Table keys = new Table(screen.paint(), "KEY", "ROLES", "SCOPES", "ISSUER", "FEATURES", "");
        for (TrustedKey key : document.keys()) {
            keys.row(
                    key.kid(),
                    key.roles().stream().map(Role::word).collect(Collectors.joining(",")),
                    key.scopes().stream().map(String::valueOf).collect(Collectors.joining(",")),
                    key.licensor().map(Licensor::issuer).orElse(""),
                    key.licensor()
                            .map(issues -> String.join(",", issues.features()))
                            .orElse(""),
                    key.retired() ? screen.paint().remarkable("retired") : "");
        }
        screen.lines(keys.lines());
    }

    private static TrustEdit granting(TrustEdit edit, List<String> grants, LicensorOptions options) throws Trouble {
        Optional<Licensor> licensor = options.licensor();
        boolean issues = false;
        for (String grant : grants) {
            TrustedKey key = Grant.read(grant, licensor);
            issues |= key.licensor().isPresent();
            edit.put(key);
        }
        if (licensor.isPresent() && !issues) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "--issuer " + licensor.get().issuer() + " is for keys with the role license, and none has it: "
                            + String.join(" ", grants));
        }
        return edit;
    }

    private int write(Path file, TrustEdit edit) throws Trouble {
        TrustDocument next = edit.next();
        TrustFile.write(file, next);
        sessions.get()
                .screen()
                .say(file + " is version " + next.version() + "; gatehouse trust publish " + file
                        + " --to SCOPE --key ROOTKEY brings it to devices");
        return 0;
    }
}
