package io.gatehouse.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.cli.fleet.Broker;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class OptionsTest {
    @Test
    void readsEveryOption() {
        Options options = parse("--port", "2000", "--device", "a/b/c", "--place", "x/y", "--state", "dir", "--quiet");
        assertEquals(
                new Options(
                        Optional.empty(),
                        Optional.of(2000),
                        Optional.of("a/b/c"),
                        Optional.of("x/y"),
                        Optional.of(Path.of("dir")),
                        true),
                options);
        assertEquals(
                Optional.of(new Broker(URI.create("tcp://h:1"))),
                parse("--broker", "tcp://h:1").broker());
    }

    @Test
    void namesWhatItCannotUse() {
        assertTrue(trouble("--prot", "1").startsWith("unknown option: --prot"));
        assertTrue(trouble("--port").startsWith("--port needs a value"));
        assertEquals("--port must be from 0 to 65535: 70000", trouble("--port", "70000"));
        assertEquals(
                "--broker: not a broker's address: localhost; write it as tcp://host:1883",
                trouble("--broker", "localhost"));
        assertTrue(trouble("--broker", "tcp://h:1", "--port", "1").contains("give one of them"));
        assertTrue(trouble("--device", "a/b").contains("must be <family>/<model>/<id>"));
        assertTrue(trouble("--place", "dwr/x").contains("begins with the family's name"));
    }

    private static Options parse(String... arguments) {
        return Options.parse(List.of(arguments));
    }

    private static String trouble(String... arguments) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> parse(arguments))
                .getMessage());
    }
}
