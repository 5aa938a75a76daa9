package io.gatehouse.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of a session. */
@Timeout(120)
final class TerminalRecordingTest {
    private static final Duration LONG = Duration.ofHours(1);

    @TempDir
    Path folder;

    @BeforeEach
    void needs() {
        Needs.programs("script", "stty", "ssh-keygen");
    }

    @Test
    void recordsWhatIsShownAndNotWhatIsTyped() throws Exception {
        try (Place place = recording(1 << 20);
                Operator operator = Operator.at(place, "xterm", new Size(80, 24))) {
            operator.sees("$ ");
            operator.type("printf 'gr\\303'; sleep 1; printf '\\274\\303\\237e ✓\\n'\n");
            operator.sees("grüße ✓");
            operator.resize(100, 40);
            operator.type("stty -echo; echo silent-$((40+2)); read secret; stty echo; until stty size | grep '^40 100';"
                    + " do sleep 0.1; done\n");
            operator.sees("silent-42");
            operator.type("sesame\n");
            operator.sees("\n40 100\r\n");
            operator.type("exit\n");
            operator.exitCode();
            Map<?, ?> kept = (Map<?, ?>) place.closed().get("recording");
            Path file = folder.resolve("kept").resolve((String) kept.get("sha256"));
            assertEquals(Files.size(file), kept.get("size"));
            assertEquals(Sha256.of(file).hex(), kept.get("sha256"));
            List<String> lines = Files.readAllLines(file);
            Members header = Json.read(lines.get(0).getBytes(StandardCharsets.UTF_8));
            assertEquals(2, header.integer("version", 0, 9));
            assertEquals(80, header.integer("width", 0, 999));
            assertEquals("xterm", header.object("env").string("TERM"));
            StringBuilder shown = new StringBuilder();
            double last = 0;
            for (String line : lines.subList(1, lines.size())) {
                List<?> event = (List<?>) Json.read(("{\"e\":" + line + "}").getBytes(StandardCharsets.UTF_8))
                        .values()
                        .get("e");
                double at = ((Number) event.get(0)).doubleValue();
                assertTrue(at >= last, line);
                last = at;
                shown.append(event.get(1).equals("o") ? event.get(2) : "<" + event.get(1) + event.get(2) + ">");
            }
            assertTrue(shown.toString().contains("grüße ✓\r\n"), shown.toString());
            assertTrue(shown.toString().contains("<r100x40>"), shown.toString());
            assertFalse(shown.toString().contains("sesame"), shown.toString());
        }
    }

    @Test
    void recordsNoMoreThanItMayAndSaysSo() throws Exception {
        try (Place place = recording(4096);
                Operator operator = Operator.at(place, "xterm", new Size(80, 24))) {
            operator.type("seq 1 5000; exit\n");
            assertEquals(0, operator.exitCode());
            Map<?, ?> kept = (Map<?, ?>) place.closed().get("recording");
            assertEquals(true, kept.get("truncated"));
            Path file = folder.resolve("kept").resolve((String) kept.get("sha256"));
            assertTrue(Files.size(file) <= 4096);
            List<String> lines = Files.readAllLines(file);
            assertTrue(lines.get(lines.size() - 1).endsWith(",\"m\",\"truncated: a recording may have 4096 bytes\"]"));
        }
    }

    @Test
    void startsNothingThatItCannotRecord() throws Exception {
        Settings settings =
                new Settings(true, true, Place.login(), Place.LIMITS, Optional.of(new Settings.Recorded(4096, LONG)));
        try (Place place = new Place(folder, settings)) {
            Path key = place.key("operator");
            Outcome.Refused refused = (Outcome.Refused) place.asked(Map.of("key", Place.line(key)));
            assertEquals("unavailable", refused.problem().type());
            place.terminals.artifacts = new Kept(folder.resolve("nowhere"), 1 << 20);
            try (Operator operator = new Operator(place.opened(key, Map.of()), key, "xterm", new Size(80, 24))) {
                assertEquals(255, operator.exitCode());
            }
            assertEquals("not-started", place.closed().get("reason"));
            assertTrue(String.valueOf(place.closed().get("detail")).contains("nowhere"));
        }
    }

    private Place recording(long limit) throws java.io.IOException {
        Settings settings =
                new Settings(true, true, Place.login(), Place.LIMITS, Optional.of(new Settings.Recorded(limit, LONG)));
        Place place = new Place(folder, settings);
        place.terminals.artifacts = new Kept(Files.createDirectories(folder.resolve("kept")), 1 << 22);
        return place;
    }
}
