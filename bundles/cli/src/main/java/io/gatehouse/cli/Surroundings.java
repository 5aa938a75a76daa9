package io.gatehouse.cli;

import io.gatehouse.api.message.TransportProvider;
import io.gatehouse.cli.screen.Screen;
import java.io.PrintStream;
import java.util.Map;

/**
 * What a run of the command finds around it.
 *
 * @param transports looked at only when something connects
 */
record Surroundings(
        Map<String, String> environment,
        PrintStream out,
        PrintStream err,
        Screen.Terminal terminal,
        Iterable<TransportProvider> transports) {}
