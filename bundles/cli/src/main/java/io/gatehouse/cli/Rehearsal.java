package io.gatehouse.cli;

import io.gatehouse.api.message.TransportProvider;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.cli.screen.Table;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Topic;
import io.gatehouse.protocol.trust.Jws;
import io.gatehouse.protocol.trust.ProtectedHeader;
import io.gatehouse.protocol.trust.SigningKey;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Goes through what every command does, so that its classes are loaded: what {@code bin/gatehouse} makes its class archive
 * from. It connects to a port of this machine at which nobody listens.
 */
final class Rehearsal {
    private static final String NOWHERE = "tcp://127.0.0.1:1";

    private Rehearsal() {}

    public static void main(String[] args) {
        PrintStream nothing = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Surroundings surroundings = new Surroundings(
                Map.of("GATEHOUSE_BROKER", NOWHERE),
                InputStream.nullInputStream(),
                nothing,
                nothing,
                Screen.Terminal.NONE,
                ServiceLoader.load(TransportProvider.class),
                Clock.systemUTC());
        for (String command : Gatehouse.commandNames(surroundings)) {
            Gatehouse.run(surroundings, command, "--help");
        }
        Gatehouse.run(surroundings, "--help");
        Gatehouse.run(surroundings, "devices");
        SigningKey key = SigningKey.generate();
        Topic.Desired topic = new Topic.Desired("a/b/c", "feature", Optional.of("d"));
        Jws.read(key.sign(ProtectedHeader.desired(key.kid(), topic, Instant.now()), new byte[1]));
        Table table = new Table(new Screen(nothing, nothing, Screen.Terminal.NONE, false).paint(), "A");
        table.row(String.valueOf(Json.read(Json.write(Map.of("number", 1.5))).values()));
        new Screen(nothing, nothing, Screen.Terminal.NONE, false).lines(table.lines());
    }
}
