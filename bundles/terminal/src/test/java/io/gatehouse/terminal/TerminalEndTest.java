package io.gatehouse.terminal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When a terminal ends, and that nothing is left then. */
@Timeout(120)
final class TerminalEndTest {
    private static final Duration LONG = Duration.ofHours(1);

    @TempDir
    Path folder;

    @BeforeEach
    void needs() {
        Needs.programs("script", "stty", "ssh-keygen");
    }

    @Test
    void endsWhenItsTimeIsOverWhateverRuns() throws Exception {
        try (Place place = Place.of(folder)) {
            Path key = place.key("operator");
            String sleep = Own.command("sleep", 2021);
            try (Operator operator =
                    new Operator(place.opened(key, Map.of("ttl", "PT2S")), key, "xterm", new Size(80, 24))) {
                operator.type("trap '' HUP; " + sleep + "; yes\n");
                assertEquals(255, operator.exitCode());
                assertTrue(operator.seen().contains("the terminal was closed: ttl"), operator.seen());
                assertEquals("ttl", place.closed().get("reason"));
                assertEquals(0, Own.running(sleep));
            }
        }
    }

    @Test
    void endsWhenNothingMoves() throws Exception {
        try (Place place = new Place(folder, limited(Duration.ofSeconds(2), LONG))) {
            Path key = place.key("operator");
            try (Operator operator = new Operator(place.opened(key, Map.of()), key, "xterm", new Size(80, 24))) {
                operator.sees("$ ");
                assertEquals("idle", place.closed().get("reason"));
            }
        }
    }

    @Test
    void endsWhenNobodyComes() throws Exception {
        try (Place place = new Place(folder, limited(LONG, Duration.ofSeconds(1)))) {
            place.opened(place.key("operator"), Map.of());
            assertEquals("unused", place.closed().get("reason"));
            assertEquals(List.of("opened", "closed"), place.events.states());
            assertEquals(List.of(), place.targets);
            await().until(() -> Place.threads().isEmpty());
        }
    }

    @Test
    void endsWithTheBundle() throws Exception {
        Place place = Place.of(folder);
        try (Operator operator = Operator.at(place, "xterm", new Size(80, 24))) {
            String sleep = Own.command("sleep", 2031);
            operator.type(sleep + "\n");
            await().until(() -> Own.running(sleep) == 1);
            place.close();
            assertEquals(0, Own.running(sleep));
            assertEquals("stopped", place.closed().get("reason"));
            Outcome.Refused late = (Outcome.Refused) place.asked(Map.of("key", Place.line(folder.resolve("operator"))));
            assertEquals("unavailable", late.problem().type());
        }
        await().until(() -> Place.threads().isEmpty());
    }

    @Test
    void overtakesAStartThatHangsAndAnswersWhenNothingOfItIsLeft() throws Exception {
        String sleep = Own.command("sleep", 2061);
        try (Place place = hanging(sleep);
                Operator operator = Operator.at(place, "xterm", new Size(80, 24))) {
            await().until(() -> Own.running(sleep) == 1);
            String id = place.terminals.all().get(0).id();
            assertEquals("waiting", place.terminals.all().get(0).told().get("state"));
            assertTrue(place.terminals.close(id) instanceof Outcome.Done);
            assertEquals(0, Own.running(sleep));
            assertEquals(0, Own.descendants("script"));
            assertEquals(List.of("opened", "closed"), place.events.states());
            assertEquals("closed", place.closed().get("reason"));
            assertFalse(place.closed().containsKey("detail"), place.closed().toString());
            assertEquals(255, operator.exitCode());
            assertTrue(operator.seen().contains("the terminal was closed: closed"), operator.seen());
        }
    }

    @Test
    void overtakesAStartThatHangsWhenTheBundleStops() throws Exception {
        String sleep = Own.command("sleep", 2071);
        Place place = hanging(sleep);
        try (Operator operator = Operator.at(place, "xterm", new Size(80, 24))) {
            await().until(() -> Own.running(sleep) == 1);
            place.close();
            assertEquals(0, Own.running(sleep));
            assertEquals(0, Own.descendants("script"));
            assertEquals(List.of("opened", "closed"), place.events.states());
            assertEquals("stopped", place.closed().get("reason"));
            assertEquals(255, operator.exitCode());
        }
        await().until(() -> Place.threads().isEmpty());
    }

    @Test
    void overtakesAStartThatHangsWhenTheLinkIsCut() throws Exception {
        String sleep = Own.command("sleep", 2081);
        try (Place place = hanging(sleep)) {
            try (Operator operator = Operator.at(place, "xterm", new Size(80, 24))) {
                await().until(() -> Own.running(sleep) == 1);
                assertEquals("", operator.seen());
            }
            assertEquals("link", place.closed().get("reason"));
            assertEquals(0, Own.running(sleep));
        }
    }

    /** A device whose terminals are never ready, since what makes them so hangs. */
    private Place hanging(String sleep) throws IOException {
        return new Place(folder, Place.settings(Place.LIMITS), Place.tools(folder, "exec " + sleep));
    }

    private static Settings limited(Duration idle, Duration unused) {
        return Place.settings(new Limits(2, LONG, LONG, idle, unused));
    }
}
