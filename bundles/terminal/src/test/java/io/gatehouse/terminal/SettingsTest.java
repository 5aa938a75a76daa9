package io.gatehouse.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Outcome;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingsTest {
    @TempDir
    Path folder;

    private final Map<String, Object> values = new HashMap<>();

    @Test
    void permitNothingUnlessToldSo() {
        Settings settings = Settings.of(config());
        assertFalse(settings.permitted());
        assertTrue(settings.gogo());
        assertTrue(settings.recording().isEmpty());
        assertEquals(new Login(List.of("/bin/sh", "-l"), "", Map.of()), settings.login());
        assertEquals(Place.LIMITS, settings.limits());
    }

    @Test
    void areReadWhole() {
        values.put("record", true);
        values.put("recordLimit", 2048L);
        values.put("recordLife", "PT1H");
        values.put("environment", new String[] {"A=b=c", "D="});
        values.put("user", "operator");
        Settings settings = Settings.of(config());
        assertEquals(
                new Settings.Recorded(2048, Duration.ofHours(1)),
                settings.recording().orElseThrow());
        assertEquals(Map.of("A", "b=c", "D", ""), settings.login().environment());
        assertEquals("operator", settings.login().owner());
    }

    @ParameterizedTest
    @CsvSource({
        "most, 0, 'most must be from 1 to 64 terminals: 0'",
        "ttl, soon, 'ttl must be a duration such as PT15M: soon'",
        "ttl, PT9H, 'ttl must be no longer than longest, PT8H: PT9H'",
        "idle, PT0S, 'idle must be longer than nothing: PT0S'",
        "unused, -PT1S, 'unused must be longer than nothing: PT-1S'",
        "recordLimit, 5, 'recordLimit must be from 1024 to 67108864: 5'",
        "recordLife, PT0S, 'recordLife must be longer than nothing: PT0S'",
        "user, '-x y', 'user must be a user''s name: -x y'",
        "command, sh, 'command must begin with a program''s absolute path: [sh]'",
        "environment, x, 'environment must be of the form NAME=value: x'",
        "environment, '1=x', 'environment must name variables, as NAME=value: 1'"
    })
    void nameAValueThatWillNotDo(String name, String value, String message) {
        set(name, value);
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> Settings.of(config()))
                        .getMessage());
    }

    @Test
    void thatWillNotDoRefuseEachTerminalWithTheReason() throws Exception {
        Needs.programs("ssh-keygen");
        set("idle", "long");
        Place place = Place.of(folder);
        Terminals terminals = new Terminals(Presence.UNTOLD, config(), place.events, place.device);
        String key = Place.line(place.key("operator"));
        Outcome outcome = new TerminalOpen(terminals, target -> () -> {}).handle(Asked.with(Map.of("key", key)));
        assertEquals(
                Outcome.refused(
                        "bad-configuration",
                        "configuration io.gatehouse.terminal: idle must be a duration such as PT15M: long"),
                outcome);
    }

    private void set(String name, String value) {
        Class<?> type;
        try {
            type = Terminals.Config.class.getDeclaredMethod(name).getReturnType();
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
        Object typed = value;
        if (type == int.class) {
            typed = Integer.valueOf(value);
        } else if (type == long.class) {
            typed = Long.valueOf(value);
        } else if (type == String[].class) {
            typed = new String[] {value};
        }
        values.put(name, typed);
    }

    private Terminals.Config config() {
        return (Terminals.Config) Proxy.newProxyInstance(
                Terminals.Config.class.getClassLoader(),
                new Class<?>[] {Terminals.Config.class},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
    }
}
