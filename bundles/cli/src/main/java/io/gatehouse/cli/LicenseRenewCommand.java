package io.gatehouse.cli;

import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.license.Fields;
import io.gatehouse.cli.license.OwnTokens;
import io.gatehouse.cli.license.Renewals;
import io.gatehouse.cli.license.TakenBack;
import io.gatehouse.cli.license.WrongField;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.trust.Jwt;
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

/** Renews subscriptions where they lie. */
@Command(
        name = "renew",
        description = {
            "Renew the subscriptions that the broker keeps for a scope and below it, where they are due.",
            "Due is one of which less than a third of the lease is left; it is published in its place.",
            "Two keys may be at work: --key or --pkcs11, the issuer's, signs the licenses; --deliver-key signs",
            "what is published. What that key did not sign is left as it is, whatever it says of itself (--trust",
            "names the issuer's other keys), and so is what the issuer revoked: by a list at the broker, or --list.",
            "It ends with 1 where one could not be renewed."
        },
        footer = {
            "%nExamples:",
            "  gatehouse license renew --to dwr --key acme.key",
            "  gatehouse license renew --to dwr --key acme.key --watch       goes on, and renews each when it is due",
            "  gatehouse license renew --to dwr --key acme-2.key --trust trust.json --list acme-revoked.jwt"
        })
final class LicenseRenewCommand implements Callable<Integer> {
    private final Supplier<Session> sessions;
    private final Surroundings surroundings;

    @Mixin
    private ToOption to = new ToOption();

    @Mixin
    private IssuerKeyOption key = new IssuerKeyOption();

    @Mixin
    private EarlierKeysOption earlier = new EarlierKeysOption();

    @Option(
            names = "--list",
            paramLabel = "FILE",
            description = {
                "The issuer's own revocation list (gatehouse license revoke): counts beside",
                "those at the broker, where somebody could take one away."
            })
    @Nullable
    private Path list;

    @Option(
            names = "--lasts",
            paramLabel = "LENGTH",
            description = {"How long the next lease lasts, in place of the subscription's own", "length."})
    @Nullable
    private String lasts;

    @Mixin
    private DeliveryKeyOption deliveryKey = new DeliveryKeyOption();

    @Option(names = "--watch", description = "Go on, and say what is renewed.")
    private boolean watch;

    LicenseRenewCommand(Supplier<Session> sessions, Surroundings surroundings) {
        this.sessions = sessions;
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Trouble {
        return OrderlyEnd.after(
                this::renew); // a key on a token signs by a program, which leaves files when it is cut off
    }

    private int renew() throws Trouble, InterruptedException {
        Session session = sessions.get();
        Scope scope = to.in(session);
        Jwt.Signer issuerKey = key.signer(surroundings.environment());
        Signer signer = deliveryKey.signer(session, scope, key);
        OwnTokens own = earlier.tokens(issuerKey.jwk());
        TakenBack takenBack = TakenBack.of(own, Optional.ofNullable(list));
        Renewals.Policy policy = new Renewals.Policy(issuerKey, own, takenBack, ending(), surroundings.clock());
        session.sayWhichDemo();
        try (Fleet fleet = session.connect(Renewals.filters(scope))) {
            Renewals renewals = new Renewals(fleet, signer, policy, session.screen());
            Renewals.Tally tally = renewals.once();
            if (tally.known() == 0) {
                session.screen().note("no license that this key signed is kept for " + scope + " at " + fleet.broker());
            }
            if (watch) {
                renewals.watch();
            }
            return tally.failed() == 0 ? 0 : Trouble.Kind.REFUSED.exitCode();
        }
    }

    private Fields ending() throws Trouble {
        Fields ending = new Fields(lasts == null ? Map.of() : Map.of(Fields.LASTS, lasts));
        try {
            Optional<Duration> unused = ending.length(Fields.LASTS);
            return ending;
        } catch (WrongField e) {
            throw LicenseOptions.wrong(e);
        }
    }
}
