package com.example.alarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.telemetry.Reading;
import io.gatehouse.testkit.MemoryStore;
import io.gatehouse.testkit.RecordedOutbox;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AlarmTest {
    private final RecordedOutbox outbox = new RecordedOutbox();
    private MemoryStore store = new MemoryStore();
    private Duration now = Duration.ofDays(-1);
    private Path file;

    @BeforeEach
    void begin(@TempDir Path folder) {
        file = folder.resolve("temp");
    }

    /** Above 85 °C for 30 s, until it is below 80 °C for 30 s, of a file in thousandths. */
    private Alarm alarm(Map<String, ?> more) throws IOException {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "gatehouse_topic",
                "alarm/board",
                "file",
                file.toString(),
                "scale",
                0.001,
                "raise",
                "above 85",
                "clear",
                "below 80",
                "hold",
                "PT30S"));
        settings.putAll(more);
        Alarm alarm = new Alarm(
                (Alarm.Settings) Proxy.newProxyInstance(
                        getClass().getClassLoader(),
                        new Class<?>[] {Alarm.Settings.class},
                        (proxy, method, arguments) ->
                                settings.getOrDefault(method.getName(), method.getDefaultValue())),
                store,
                () -> now.toNanos());
        alarm.outbox = outbox;
        return alarm;
    }

    /** So many seconds later the file says this; the state then. */
    private String after(int seconds, int thousandths, Alarm alarm) throws IOException {
        now = now.plusSeconds(seconds);
        Files.writeString(file, thousandths + "\n");
        Map<String, Object> values = alarm.read().values();
        return values.get("state") + " " + values.get("value");
    }

    private List<String> events() {
        return outbox.events("alarm").stream()
                .map(event -> event.get("alarm") + " " + event.get("state") + " " + event.get("value"))
                .toList();
    }

    @Test
    void isRaisedWhenTheValueWasBeyondTheLimitForAsLongAsItMustAndClearedSo() throws IOException {
        Alarm alarm = alarm(Map.of());
        assertEquals("cleared 70.0", after(0, 70_000, alarm));
        assertEquals("cleared 70.0", after(10, 86_000, alarm));
        assertEquals("cleared 70.0", after(29, 90_000, alarm));
        assertEquals(List.of(), events());
        assertEquals("raised 88.0", after(1, 88_000, alarm));
        assertEquals("raised 88.0", after(60, 79_000, alarm));
        assertEquals("cleared 78.0", after(30, 78_000, alarm));
        assertEquals(List.of("alarm/board raised 88.0", "alarm/board cleared 78.0"), events());
    }

    @Test
    void beginsToWaitAnewWhereTheValueWasBackBetween() throws IOException {
        Alarm alarm = alarm(Map.of());
        after(0, 86_000, alarm);
        after(20, 85_000, alarm);
        after(20, 86_000, alarm);
        assertEquals("cleared 86.0", after(20, 86_000, alarm));
        assertEquals("raised 87.0", after(10, 87_000, alarm));
    }

    @Test
    void staysAsItIsBetweenTheLimits() throws IOException {
        Alarm alarm = alarm(Map.of("hold", "PT0S"));
        assertEquals("raised 86.0", after(0, 86_000, alarm));
        for (int value : List.of(84_000, 80_000, 85_000, 86_000)) {
            assertEquals("raised 86.0", after(1, value, alarm));
        }
        assertEquals("cleared 79.9", after(1, 79_900, alarm));
        assertEquals("cleared 79.9", after(1, 84_000, alarm));
        assertEquals(2, events().size());
    }

    @Test
    void isTheSameAfterAPowerCut() throws IOException {
        after(0, 86_000, alarm(Map.of("hold", "PT0S")));
        store = store.afterPowerCut();
        Alarm next = alarm(Map.of("hold", "PT0S"));
        assertEquals("raised 90.0", after(5, 90_000, next));
        assertEquals(List.of("alarm/board raised 86.0"), events(), "it is not raised twice");
        after(5, 70_000, next);
        assertEquals(List.of("alarm/board raised 86.0", "alarm/board cleared 70.0"), events());
        store = store.afterPowerCut();
        assertEquals("cleared 84.0", after(5, 84_000, alarm(Map.of("hold", "PT0S"))));
    }

    @Test
    void isToldAsSoonAsThereIsAnOutboxAndByItsReadingAtOnce() throws IOException {
        Alarm alarm = alarm(Map.of("hold", "PT0S"));
        alarm.outbox = null;
        assertEquals("raised 86.0", after(0, 86_000, alarm));
        alarm.outbox = outbox;
        assertEquals("raised 86.0", after(5, 87_000, alarm));
        after(5, 87_000, alarm);
        assertEquals(List.of("alarm/board raised 86.0"), events());
    }

    @Test
    void watchesTheMemoryThatIsAvailable() throws IOException {
        Files.writeString(file, "MemTotal:  127000 kB\nMemAvailable:    20000 kB\n");
        Map<String, ?> memory = Map.of(
                "after",
                "MemAvailable:",
                "scale",
                1024.0,
                "raise",
                "below 30000000",
                "clear",
                "above 40000000",
                "hold",
                "PT0S");
        Reading reading = alarm(memory).read();
        assertEquals(
                Map.of("state", "raised", "value", 20_480_000.0, "raise", "below 30000000", "clear", "above 40000000"),
                reading.values());
    }

    @Test
    void saysWhereThereIsNoNumber() throws IOException {
        Files.writeString(file, "MemTotal:  many\n");
        for (String after : List.of("MemTotal:", "SwapTotal:")) {
            IOException nothing = assertThrows(
                    IOException.class, () -> alarm(Map.of("after", after)).read());
            assertEquals("there is no number in " + file + " behind \"" + after + "\"", nothing.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "raise, 85, 'raise must be as \"above 85\" or \"below 20\": \"85\"'",
        "clear, '', 'clear must be as \"above 85\" or \"below 20\": \"\"'",
        "clear, above 80, 'clear must be on the other side of raise, which is above 85, and not overlap it: above 80'",
        "clear, below 90, 'clear must be on the other side of raise, which is above 85, and not overlap it: below 90'",
        "hold, 30, 'hold must be a duration such as PT30S: 30'",
        "hold, PT-1S, 'hold must not be negative: PT-1S'"
    })
    void refusesByNameWhatWillNotDo(String name, String value, String words) {
        IllegalArgumentException wrong = assertThrows(IllegalArgumentException.class, () -> alarm(Map.of(name, value)));
        assertEquals(words, wrong.getMessage());
        assertTrue(store.keys().isEmpty());
    }
}
