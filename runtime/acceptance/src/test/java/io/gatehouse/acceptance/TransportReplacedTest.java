package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.api.command.Members;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The transport is replaced over itself while much goes through it, and nobody notices. */
final class TransportReplacedTest {
    private static final String TRANSPORT = "io.gatehouse.transport.mqtt";
    private static final int TIMES = Boolean.getBoolean("gatehouse.long") ? 50 : 5;

    @TempDir
    Path folder;

    @BeforeAll
    static void mosquitto() {
        Mosquitto.assumeInstalled();
    }

    @Test
    void isReplacedUnderLoadAgainAndAgain() throws IOException {
        try (BusyGateway busy = BusyGateway.start(folder, "dwr/311-a1/transport", Map.of());
                CommandStream commands = busy.commands()) {
            Path shipped = FeaturesTest.shipped(TRANSPORT);
            List<Long> silences = new ArrayList<>();
            List<Long> durations = new ArrayList<>();
            for (int time = 1; time <= TIMES; time++) {
                Path next = busy.bundles().repacked(shipped, Bundles.raised(shipped, time), Map.of());
                long began = System.nanoTime();
                Members report = busy.desire("transport", busy.operator().feature("com.acme:transport:" + time, next));
                assertEquals(
                        "applied",
                        report.string("state"),
                        () -> report.values() + "\n" + busy.gateway().log());
                assertEquals(Bundles.raised(shipped, time), BusyGateway.version(report, TRANSPORT));
                durations.add(BusyGateway.milliseconds(report));
                silences.add(busy.ledger().longestSilence(began));
            }
            commands.end();
            busy.assertGoesOn();
            busy.assertNothingLostNothingTwice();
            busy.assertNeverOffline();
            Map<String, Integer> ends = busy.assertEachCommandOnce(commands);
            assertEquals(Map.of("done", commands.size()), ends);
            assertEquals(1, busy.ledger().boots().size());
            System.out.println("transport replaced " + TIMES + " times: nothing came for " + silences
                    + " ms, the change took " + durations + " ms; of "
                    + busy.ledger().size()
                    + " observations 0 lost, 0 twice; " + commands.size() + " commands done, each once; no offline");
        }
    }
}
