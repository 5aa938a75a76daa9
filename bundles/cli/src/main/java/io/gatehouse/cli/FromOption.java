package io.gatehouse.cli;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.Scope;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** From which devices a command takes something away. */
final class FromOption {
    private static final String NAME = "--from";

    @Option(
            names = NAME,
            paramLabel = "SCOPE",
            description = "The scope that it was installed to; without it the demo's device.")
    @Nullable
    private String scope;

    Scope in(Session session) throws Trouble {
        return session.scope(scope, NAME);
    }
}
