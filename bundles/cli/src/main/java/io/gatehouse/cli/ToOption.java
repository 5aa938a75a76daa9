package io.gatehouse.cli;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.Scope;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** To which devices a command speaks. */
final class ToOption {
    private static final String NAME = "--to";

    @Option(
            names = NAME,
            paramLabel = "SCOPE",
            description = "A device, model, family or place; without it the demo's device.")
    @Nullable
    private String scope;

    Scope in(Session session) throws Trouble {
        return session.scope(scope, NAME);
    }
}
