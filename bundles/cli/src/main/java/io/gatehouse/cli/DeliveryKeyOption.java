package io.gatehouse.cli;

import io.gatehouse.cli.fleet.Signer;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.Scope;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** By which key what an issuer signed is published: who delivers need not be who issues. */
final class DeliveryKeyOption {
    @Option(
            names = "--deliver-key",
            paramLabel = "FILE",
            description = {
                "The private key that signs the delivery, as --key of gatehouse",
                "license install does: an operator's or an issuer's. Without it the",
                "issuer's own (--key); with --pkcs11, GATEHOUSE_KEY, the demo's key",
                "or the own key."
            })
    @Nullable
    private Path file;

    Signer signer(Session session, Scope scope, IssuerKeyOption issuer) throws Trouble {
        return session.signer(Optional.ofNullable(file).or(issuer::file), scope);
    }
}
