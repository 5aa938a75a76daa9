package io.gatehouse.cli;

import io.gatehouse.api.message.TransportProvider;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.trust.SigningKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where a test types commands, and reads what they write. */
final class Console {
    private final Iterable<TransportProvider> transports;
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private InputStream in = InputStream.nullInputStream();

    /** One that has these transports, and no usual broker. */
    Console(Iterable<TransportProvider> transports) {
        this.transports = transports;
    }

    /** One at which the broker in this process is the usual one. */
    Console(MemoryBroker broker) {
        this(List.of(broker));
        environment.put("GATEHOUSE_BROKER", MemoryBroker.ADDRESS.toString());
    }

    Map<String, String> environment() {
        return environment;
    }

    /** From now on commands sign by this key, which is in a file of this folder, where they are told of no other. */
    void signBy(SigningKey operator, Path folder) throws IOException {
        Path file = folder.resolve("operator.key");
        operator.write(file);
        environment.put("GATEHOUSE_KEY", file.toString());
    }

    /** What commands read from standard input. */
    void in(byte[] bytes) {
        in(new ByteArrayInputStream(bytes));
    }

    /** As {@link #in(byte[])}, of the next command alone. */
    void in(InputStream stream) {
        in = stream;
    }

    /** Runs a command; its exit code. What was written before is forgotten. */
    int run(String... args) {
        out.reset();
        err.reset();
        Surroundings surroundings = new Surroundings(
                environment,
                in,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Screen.Terminal.NONE,
                transports,
                Clock.systemUTC());
        return Gatehouse.run(surroundings, args);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
