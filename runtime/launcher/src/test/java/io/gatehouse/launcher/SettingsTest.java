package io.gatehouse.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @TempDir
    private Path home;

    private Settings read(String file, String... line) throws Exception {
        Files.createDirectories(home.resolve("conf"));
        Files.writeString(home.resolve("conf").resolve("gateway.properties"), file);
        return Settings.read(home, home, Arguments.parse(List.of(line)).settings());
    }

    @Test
    void theCommandLineWinsOverTheFile() throws Exception {
        Settings settings = read(
                "gatehouse.broker=tcp://file:1\ngatehouse.place=world\nds.loglevel=4\ngatehouse.settle=PT2S",
                "--broker",
                "tcp://line:2",
                "--state=" + home.resolve("s"),
                "-Dfelix.log.level=2",
                "-D",
                "gatehouse.x=a=b");
        assertEquals("tcp://line:2", settings.properties().get("gatehouse.broker"));
        assertEquals("world", settings.properties().get("gatehouse.place"));
        assertEquals("4", settings.properties().get("ds.loglevel"));
        assertEquals("2", settings.properties().get("felix.log.level"));
        assertEquals("a=b", settings.properties().get("gatehouse.x"));
        assertEquals(home.resolve("s"), settings.state());
        assertEquals(home.resolve("s/cache"), settings.cache());
        assertEquals(Duration.ofSeconds(2), settings.settle());
        assertEquals(Duration.ofSeconds(60), settings.startDeadline());
    }

    @Test
    void withoutAFileThereAreDefaults() throws Exception {
        Settings settings = Settings.read(home, home, Map.of());
        assertEquals(Path.of("/var/lib/gatehouse"), settings.state());
        assertEquals(Duration.ofSeconds(1), settings.settle());
        assertFalse(settings.properties().containsKey("gatehouse.device"));
    }

    @Test
    void whatIsLeftEmptyIsNotSet() throws Exception {
        assertFalse(read("gatehouse.device=\n").properties().containsKey("gatehouse.device"));
        assertFalse(read("gatehouse.device=d/m/i\n", "-Dgatehouse.device=")
                .properties()
                .containsKey("gatehouse.device"));
    }

    @ParameterizedTest
    @CsvSource({
        "brokr=tcp://x, unknown setting, brokr",
        "gatehouse.broker=localhost, gatehouse.broker must be like, localhost",
        "gatehouse.broker=tcp://a b, gatehouse.broker must be like, a b",
        "gatehouse.broker=tcp://me:secret@a b, gatehouse.broker must be like, ': tcp://***@a b'",
        "gatehouse.broker=me:secret@host, gatehouse.broker must be like, ': ***@host'",
        "gatehouse.start.deadline=60, must be a duration, 60",
        "gatehouse.settle=-PT1S, must not be negative, -PT1S",
        "gatehouse.x=\\u00zz, cannot read, gateway.properties"
    })
    void aSettingThatWillNotDoIsNamed(String file, String what, String value) {
        Misuse refused = assertThrows(Misuse.class, () -> read(file));
        assertTrue(refused.getMessage().contains(what), refused.getMessage());
        assertTrue(refused.getMessage().contains(value), refused.getMessage());
        assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "--nope, unknown argument: --nope",
        "run, unknown argument: run",
        "--broker, --broker needs a value",
        "--state=, --state needs a value",
        "-D, -D needs a value",
        "-Dx, -D needs NAME=VALUE: x",
        "-Dfoo=1, unknown setting in the command line: foo"
    })
    void anArgumentThatWillNotDoIsNamed(String argument, String words) {
        Misuse refused = assertThrows(Misuse.class, () -> read("", argument));
        assertTrue(refused.getMessage().contains(words), refused.getMessage());
    }

    @Test
    void sealTakesNoSettings() throws Exception {
        assertEquals(
                new Arguments(Arguments.Command.SEAL, java.util.Optional.of("/x"), Map.of()),
                Arguments.parse(List.of("seal", "--home", "/x")));
        assertThrows(Misuse.class, () -> Arguments.parse(List.of("seal", "--broker", "tcp://x")));
        assertEquals(
                Arguments.Command.HELP,
                Arguments.parse(List.of("--state", "x", "--help")).command());
        assertEquals(
                Arguments.Command.VERSION, Arguments.parse(List.of("--version")).command());
    }
}
