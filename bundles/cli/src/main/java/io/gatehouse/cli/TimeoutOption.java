package io.gatehouse.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How patient a command is with devices. */
final class TimeoutOption {
    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "How long to wait for each answer, and for a command to be of use (${DEFAULT-VALUE}).")
    private Duration time = Duration.ZERO;

    Duration time() {
        return time;
    }
}
