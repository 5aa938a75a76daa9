package io.gatehouse.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** By which key a command signs what it publishes. */
final class KeyOption {
    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = {
                "The private key to sign with; gatehouse key new makes one.",
                "Without it: GATEHOUSE_KEY, the key of the demo that ./dev up",
                "runs, or the own key, ~/.config/gatehouse/operator.key."
            })
    @Nullable
    private Path file;

    Optional<Path> file() {
        return Optional.ofNullable(file);
    }
}
