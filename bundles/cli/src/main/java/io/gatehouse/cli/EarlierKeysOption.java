package io.gatehouse.cli;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.license.OwnTokens;
import io.gatehouse.protocol.trust.Jwk;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose tokens an issuer goes on with. */
final class EarlierKeysOption {
    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description = {
                "A trust document with the issuer's keys: what another of them signed",
                "is gone on with too. Without it only what this very key signed."
            })
    @Nullable
    private Path trust;

    /** What an issuer that signs by this key takes for its own. */
    OwnTokens tokens(Jwk key) throws Trouble {
        return trust == null ? OwnTokens.of(key) : OwnTokens.of(key, trust);
    }

    boolean isGiven() {
        return trust != null;
    }
}
