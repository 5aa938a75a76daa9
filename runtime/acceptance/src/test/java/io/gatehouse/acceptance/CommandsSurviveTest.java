package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} while commands stream: each is carried out at most once, and its sender is told one end of it. */
final class CommandsSurviveTest {
    private static final int CUTS = Boolean.getBoolean("gatehouse.long") ? 40 : 6;

    /** From when it is connected, or for every third cut from when it is started, until the cut; nanoseconds, at most. */
    private static final long SPAN = 1_500_000_000L;

    @TempDir
    Path folder;

    @BeforeAll
    static void mosquitto() {
        Mosquitto.assumeInstalled();
    }

    @Test
    void eachIsCarriedOutAtMostOnceAndHasOneEnd() throws IOException {
        try (BusyGateway busy = BusyGateway.start(folder, "dwr/311-a1/survive", Map.of());
                CommandStream commands = busy.commands()) {
            for (int cut = 0; cut < CUTS; cut++) {
                LockSupport.parkNanos(SPAN * cut / CUTS);
                busy.gateway().cut();
                int states = busy.ledger().states().size();
                busy.gateway().startAgain();
                if (cut % 3 != 1) { // three starts in a row that do not come up would bring back the image's software
                    Awaitility.await("the gateway after cut " + cut)
                            .atMost(Duration.ofSeconds(30))
                            .until(() -> busy.ledger().states().size() > states);
                }
            }
            busy.assertGoesOn();
            commands.end();
            Map<String, List<Outcome>> ends = commands.ends();
            // What was answered and not yet acknowledged when the process died is answered again, and alike.
            ends.forEach((id, all) -> assertTrue(
                    all.stream().distinct().count() == 1,
                    () -> id + " ended " + all + "\n" + busy.gateway().log()));
            Map<String, Integer> effects = busy.effects();
            ends.forEach((id, all) -> {
                int effect = effects.getOrDefault(id, 0);
                assertTrue(effect <= 1, () -> id + " was carried out " + effect + " times, and ended " + all);
                assertTrue(!(all.get(0) instanceof Outcome.Done) || effect == 1, () -> id + " is done without effect");
                assertTrue(!(all.get(0) instanceof Outcome.Refused) || effect == 0, () -> id + " was refused");
            });
            Map<String, Long> words = ends.values().stream()
                    .collect(Collectors.groupingBy(all -> BusyGateway.words(all.get(0)), Collectors.counting()));
            assertTrue(words.getOrDefault("done", 0L) > 0, words::toString);
            assertTrue(
                    Set.of("done", "failed interrupted", "refused unknown-command")
                            .containsAll(words.keySet()),
                    words::toString);
            long again = ends.values().stream().filter(all -> all.size() > 1).count();
            System.out.println(CUTS + " times kill -9 while " + ends.size() + " commands came: " + words + "; " + again
                    + " told again after it");
        }
    }
}
