package io.gatehouse.cli;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.cli.fleet.Ends;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Roster;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.TrustFile;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.cli.license.Delivery;
import io.gatehouse.cli.license.LicenseReport;
import io.gatehouse.cli.license.LicenseText;
import io.gatehouse.cli.license.StatusTable;
import io.gatehouse.cli.license.Token;
import io.gatehouse.cli.license.TokenFile;
import io.gatehouse.cli.license.Verification;
import io.gatehouse.cli.license.Wishes;
import io.gatehouse.cli.screen.Plain;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.license.Revocations;
import io.gatehouse.protocol.license.Verifier;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What devices are permitted to use. */
@Command(
        name = "license",
        description = {
            "Issue licenses, look at them, take them back, bring them to devices and renew them there.",
            "An issuer signs licenses by a key that the trust document names with the role license; an",
            "operator brings them to devices."
        },
        footer = {
            "%nExamples:",
            "  gatehouse trust add trust.json license=acme.jwk@dwr --issuer acme --features com.acme.*",
            "  gatehouse license issue --key acme.key --issuer acme --for dwr/311-a1 --feature com.acme.rain --lasts P365D",
            "      --out rain.jwt",
            "  gatehouse license verify rain.jwt --trust trust.json",
            "  gatehouse license install rain.jwt --to dwr/311-a1",
            "  gatehouse license status"
        })
final class LicenseCommand {
    /** How long devices are usually awaited: there is nothing to fetch. */
    static final String USUALLY = "1m";

    private final Supplier<Session> sessions;
    private final Surroundings surroundings;

    LicenseCommand(Supplier<Session> sessions, Surroundings surroundings) {
        this.sessions = sessions;
        this.surroundings = surroundings;
    }

    @Command(
            name = "show",
            description = {
                "Show what a license, or a revocation list, says.",
                "Whether it may be believed is another question: gatehouse license verify."
            },
            footer = {"%nExamples:", "  gatehouse license show rain.jwt", "  gatehouse license show - -o json <rain.jwt"
            })
    int show(@Parameters(paramLabel = "FILE", description = "The token; - is standard input.") Path file)
            throws Trouble {
        String text = TokenFile.text(file, surroundings.in());
        LicenseText shown = new LicenseText(sessions.get().screen());
        Optional<Token<Revocations>> list = list(text);
        if (list.isPresent()) {
            shown.list(list.get());
            return 0;
        }
        try {
            shown.show(Token.license(text));
            return 0;
        } catch (BadArgument e) {
            throw new Trouble(Trouble.Kind.USAGE, file + " is no license: " + e.getMessage(), e);
        }
    }

    private static Optional<Token<Revocations>> list(String text) {
        try {
            return Optional.of(Token.revocations(text));
        } catch (BadArgument e) {
            return Optional.empty(); // a license, or what is said of it as one
        }
    }

    @Command(
            name = "verify",
            description = {
                "Say whether devices that have this trust document would let a license in.",
                "It says until when it lasts. What a device alone knows is not looked at: its hardware, its time,",
                "and what it accepted before."
            },
            footer = {
                "%nExamples:",
                "  gatehouse license verify rain.jwt --trust trust.json",
                "  gatehouse license verify rain.jwt --trust trust.json --device dwr/311-a1/00-11-22-33-44-55@world/asia",
                "      --revocations acme-revoked.jwt"
            })
    int verify(
            @Parameters(paramLabel = "FILE", description = "The license; - is standard input.") Path file,
            @Option(names = "--trust", paramLabel = "FILE", required = true, description = "The trust document.")
                    Path trust,
            @Option(
                            names = "--device",
                            paramLabel = "DEVICE[@PLACE]",
                            description = "Whether it is for this one, at this place.")
                    @Nullable
                    String device,
            @Option(
                            names = "--revocations",
                            paramLabel = "FILE",
                            description = "An issuer's revocation list; may be repeated.")
                    @Nullable
                    List<Path> lists)
            throws Trouble {
        String text = TokenFile.text(file, surroundings.in());
        Verifier verifier = new Verifier(Optional.of(TrustFile.read(trust)));
        Verification verification = new Verification(
                verifier,
                Verification.lists(lists == null ? List.of() : lists, verifier),
                device == null ? Optional.empty() : Optional.of(Verification.Site.parse(device)),
                surroundings.clock().instant());
        Verification.Verdict verdict = verification.of(text);
        show(sessions.get().screen(), verdict);
        return verdict.problem().isEmpty() ? 0 : Trouble.Kind.REFUSED.exitCode();
    }

    private static void show(Screen screen, Verification.Verdict verdict) {
        if (screen.json()) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("valid", verdict.problem().isEmpty());
            verdict.problem().ifPresent(problem -> {
                object.put("type", problem.type());
                object.put("detail", problem.detail());
            });
            verdict.license().ifPresent(license -> object.put("claims", license.write()));
            screen.object(object);
            return;
        }
        String words = verdict.license()
                .map(license -> license.id() + ", sequence " + license.sequence() + ", for " + license.subject() + "  ")
                .orElse("");
        String result = verdict.problem()
                .map(problem -> screen.paint().bad("refused") + "  " + Plain.safe(Ends.words(problem)))
                .orElseGet(() -> screen.paint().good("valid") + "  "
                        + verdict.license()
                                .map(license -> LicenseText.until(license.term()))
                                .orElse(""));
        screen.line(words + result);
        if (verdict.isKeyRetired()) {
            screen.note("its key is retired: devices that have it keep it, and others refuse it");
        }
    }

    @Command(
            name = "remove",
            description = {
                "Take a license away that was installed under this name, and wait until devices say so.",
                "That does not revoke it: who has the file can install it again. --key is the operator's."
            },
            footer = {"%nExamples:", "  gatehouse license remove rain --to dwr/311-a1"})
    int remove(
            @Parameters(paramLabel = "NAME", description = "What it is called: the last level of its topic.")
                    String name,
            @Option(
                            names = {"--to", "--from"},
                            paramLabel = "SCOPE",
                            description = "The scope that it was installed to; without it the demo's device.")
                    @Nullable
                    String scope,
            @Mixin KeyOption key,
            @Mixin Publishing publishing)
            throws Trouble, InterruptedException {
        Session session = sessions.get();
        Wish wish = Wishes.noLicense(session.scope(scope, "--to"), name);
        Signer signer = session.signer(key.file(), wish.scope());
        return LicenseInstallCommand.deliver(session, signer, List.of(wish), publishing);
    }

    @Command(
            name = "status",
            description = {
                "Show how it stands with the licenses of devices, as they reported last.",
                "UNTIL is without grace; unlicensed is what something on a device asks for and nothing grants. Below are",
                "the revocation lists: of each issuer the one in force, and those that are wanted and are not, with why."
            },
            footer = {
                "%nExamples:",
                "  gatehouse license status",
                "  gatehouse license status dwr/311-a1/00-11-22-33-44-55 -o json"
            })
    int status(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "SCOPE",
                            description = "Only this device, or those of this place, family or model.")
                    @Nullable
                    String scope)
            throws Trouble, InterruptedException {
        Session session = sessions.get();
        Optional<Scope> only = scope == null ? Optional.empty() : Optional.of(session.scope(scope, "SCOPE"));
        session.sayWhichDemo();
        Screen screen = session.screen();
        StatusTable table = new StatusTable(screen);
        try (Fleet fleet = session.connect(List.of(Roster.FILTER, LicenseReport.FILTER))) {
            Delivery.kept(fleet).forEach(table::take);
            if (!table.show(only)) {
                screen.note("nothing is reported of licenses"
                        + only.map(under -> " under " + under).orElse("") + " at " + fleet.broker());
            }
        }
        return 0;
    }
}
