package io.gatehouse.cli;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.cli.license.Delivery;
import io.gatehouse.cli.license.LicenseText;
import io.gatehouse.cli.license.OwnTokens;
import io.gatehouse.cli.license.RevocationFile;
import io.gatehouse.cli.license.Token;
import io.gatehouse.cli.license.TokenFile;
import io.gatehouse.cli.license.Wishes;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.license.Revocations;
import io.gatehouse.protocol.trust.Jwt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes licenses back. */
@Command(
        name = "revoke",
        description = {
            "Take licenses back: put them on the issuer's signed list, and bring that to devices (--to).",
            "Two keys may be at work: --key or --pkcs11, the issuer's, signs the list; --deliver-key signs what",
            "is published at SCOPE/desired/revocation/ISSUER. A list only grows, and what a device accepted",
            "of it stays. Only a list that the key signed itself is gone on with, or one of the issuer's other keys",
            "(--trust)."
        },
        footer = {
            "%nExamples:",
            "  gatehouse license revoke rain-4711 --list acme-revoked.jwt --issuer acme --key acme.key",
            "  gatehouse license revoke rain-4711@3 --list acme-revoked.jwt --key acme.key --reason 'not paid' --to dwr",
            "      up to its third sequence: a renewal, with a greater one, is in force"
        })
final class LicenseRevokeCommand implements Callable<Integer> {
    private static final List<String> OF_A_DELIVERY = List.of("--deliver-key", "--no-wait", "--timeout");

    private final Supplier<Session> sessions;
    private final Surroundings surroundings;

    @Spec
    @Nullable
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "JTI[@SEQ]", description = "The license, and the last sequence of it.")
    private List<String> licenses = List.of();

    @Option(
            names = "--list",
            paramLabel = "FILE",
            required = true,
            description = "The issuer's list, which is written anew; made where there is none.")
    private Path file = Path.of("");

    @Mixin
    private IssuerKeyOption key = new IssuerKeyOption();

    @Mixin
    private EarlierKeysOption earlier = new EarlierKeysOption();

    @Option(names = "--issuer", paramLabel = "NAME", description = "Whose list it is; needed for a new one.")
    @Nullable
    private String issuer;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for whoever reads it on a device.")
    @Nullable
    private String reason;

    @Option(names = "--to", paramLabel = "SCOPE", description = "The device, model, family or place to bring it to.")
    @Nullable
    private String to;

    @Mixin
    private DeliveryKeyOption deliveryKey = new DeliveryKeyOption();

    @Mixin
    private Publishing publishing = new Publishing();

    LicenseRevokeCommand(Supplier<Session> sessions, Surroundings surroundings) {
        this.sessions = sessions;
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Trouble {
        return OrderlyEnd.after(
                this::revoke); // a key on a token signs by a program, which leaves files when it is cut off
    }

    private int revoke() throws Trouble, InterruptedException {
        refuseWhatIsOfADelivery();
        List<Revocations.Revoked> revoked = new ArrayList<>();
        for (String license : licenses) {
            revoked.add(RevocationFile.read(license, Optional.ofNullable(reason)));
        }
        Session session = sessions.get();
        Jwt.Signer signer = key.signer(surroundings.environment());
        OwnTokens own = earlier.tokens(signer.jwk());
        Revocations list = RevocationFile.next(
                file,
                Optional.ofNullable(issuer),
                revoked,
                own,
                surroundings.clock().instant());
        Token<Revocations> token = readable(Token.sign(signer, list));
        if (to == null) {
            write(session, token);
            return 0;
        }
        Scope scope = session.scope(to, "--to");
        return deliver(session, deliveryKey.signer(session, scope, key), scope, token, own);
    }

    private void refuseWhatIsOfADelivery() throws Trouble {
        if (to != null || spec == null) {
            return;
        }
        for (String option : OF_A_DELIVERY) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new Trouble(
                        Trouble.Kind.USAGE,
                        option + " is of a delivery, and nothing is delivered: add --to SCOPE, or leave it out");
            }
        }
    }

    /** As whoever gets it would read it. */
    private static Token<Revocations> readable(String text) throws Trouble {
        try {
            return Token.revocations(text);
        } catch (BadArgument e) {
            throw new Trouble(Trouble.Kind.USAGE, "that would be no revocation list: " + e.getMessage(), e);
        }
    }

    private void write(Session session, Token<Revocations> token) throws Trouble {
        TokenFile.write(file, token.text());
        new LicenseText(session.screen()).list(token);
    }

    private int deliver(Session session, Signer signer, Scope scope, Token<Revocations> token, OwnTokens own)
            throws Trouble, InterruptedException {
        List<Wish> wishes = List.of(Wishes.revocations(scope, token.claims().issuer(), token.text()));
        session.sayWhichDemo();
        try (Fleet fleet = session.connect(Delivery.filters(wishes))) {
            List<Message> kept = Delivery.kept(fleet);
            for (Message message : kept) {
                if (message.topic().equals(wishes.get(0).topic())) {
                    refuseIfNewer(session, message, token, own);
                }
            }
            write(session, token);
            Delivery delivery = new Delivery(fleet, signer, wishes, session.screen());
            return publishing.noWait() ? delivery.publish(kept) : delivery.run(kept, publishing.timeout());
        }
    }

    /** Devices would refuse ours. What is not the issuer's own they refuse, so that it is no reason. */
    private void refuseIfNewer(Session session, Message message, Token<Revocations> ours, OwnTokens own)
            throws Trouble {
        Token<Revocations> kept;
        try {
            kept = Token.revocations(
                    String.valueOf(Envelope.read(message.payload()).spec().orElse("")));
        } catch (BadArgument e) {
            session.screen().note("not understood: " + message.topic() + ": " + e.getMessage());
            return;
        }
        Optional<String> foreign = own.foreignList(kept);
        if (foreign.isPresent()) {
            session.screen().note("passed over: the list at " + message.topic() + ": " + foreign.get());
            return;
        }
        long sequence = kept.claims().sequence();
        if (sequence >= ours.claims().sequence()) {
            throw new Trouble(
                    Trouble.Kind.USAGE,
                    "the broker keeps list " + sequence + " of " + ours.claims().issuer() + ", and from " + file
                            + " came " + ours.claims().sequence()
                            + ": it is not the last one; take that from where it was written");
        }
    }
}
