package io.gatehouse.cli;

import io.gatehouse.api.message.TransportProvider;
import io.gatehouse.cli.screen.Screen;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;

/**
 * What a run of the command finds around it.
 *
 * @param transports looked at only when something connects
 * @param clock by which messages are signed
 */
record Surroundings(
        Map<String, String> environment,
        InputStream in,
        PrintStream out,
        PrintStream err,
        Screen.Terminal terminal,
        Iterable<TransportProvider> transports,
        Clock clock) {}
