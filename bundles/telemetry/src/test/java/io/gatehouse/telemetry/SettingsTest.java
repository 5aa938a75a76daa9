package io.gatehouse.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatehouse.protocol.Names;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsTest {
    @Test
    void readsAllProperties() {
        assertEquals(
                new Settings("hardware/lte", Duration.ofSeconds(5), Duration.ofSeconds(2), true, 0.5, true),
                read(Map.of(
                        "gatehouse.period", "PT5S",
                        "gatehouse.deadline", "PT2S",
                        "gatehouse.onChange", true,
                        "gatehouse.deadBand", 0.5,
                        "gatehouse.atPlace", "true")));
    }

    @Test
    void needsNothingButATopic() {
        assertEquals(
                new Settings("hardware/lte", Duration.ofSeconds(60), Duration.ofSeconds(5), false, 0, false),
                read(Map.of()));
    }

    @Test
    void namesTheTopicWhereItIsMissing() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Settings.read(name -> null));
        assertEquals("gatehouse.topic is missing: <area>/<name>, for example hardware/temperature", e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hardware", "/x", "hardware/", "a/b/c", "hardware/+", "a/#", "-a/b", "a b/c", "ä/b"})
    void refusesATopicThatIsNone(String topic) {
        assertEquals(true, refused("gatehouse.topic", topic).endsWith(": " + topic));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status/x",
                "event/x",
                "desired/x",
                "reported/x",
                "cmd/x",
                "artifact/x",
                "stream/x",
                "self/x",
                "reply/x"
            })
    void refusesAnAreaThatTheProtocolReserves(String topic) {
        assertEquals("gatehouse.topic must be " + Names.OBSERVATION + ": " + topic, refused("gatehouse.topic", topic));
    }

    @ParameterizedTest
    @CsvSource({
        "gatehouse.period, PT0.05S, 'gatehouse.period must be from PT0.1S to P31D: PT0.05S'",
        "gatehouse.period, PT0S, 'gatehouse.period must be from PT0.1S to P31D: PT0S'",
        "gatehouse.period, P400D, 'gatehouse.period must be from PT0.1S to P31D: P400D'",
        "gatehouse.period, often, 'gatehouse.period must be a duration such as PT30S: often'",
        "gatehouse.deadline, -PT1S, 'gatehouse.deadline must be from PT0.1S to P31D: -PT1S'",
        "gatehouse.onChange, perhaps, 'gatehouse.onChange must be true or false: perhaps'",
        "gatehouse.deadBand, wide, 'gatehouse.deadBand must be a number: wide'",
        "gatehouse.deadBand, -1, 'gatehouse.deadBand must be 0 or more: -1'",
        "gatehouse.deadBand, NaN, 'gatehouse.deadBand must be 0 or more: NaN'"
    })
    void namesWhatWillNotDo(String name, String value, String message) {
        assertEquals(message, refused(name, value));
    }

    private static String refused(String name, String value) {
        return assertThrows(IllegalArgumentException.class, () -> read(Map.of(name, value)))
                .getMessage();
    }

    private static Settings read(Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(Map.of("gatehouse.topic", "hardware/lte"));
        all.putAll(properties);
        return Settings.read(all::get);
    }
}
