package io.gatehouse.licensing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Term;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each change is told, and nothing twice. */
final class EventsTest {
    @TempDir
    Path folder;

    private Bench bench;

    @BeforeEach
    void open() throws Exception {
        bench = new Bench(folder);
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    @Test
    void oneThatIsTakenAwayAndBroughtAgainIsToldAgain() {
        String token = bench.token("1", 1, Term.PERPETUAL);
        bench.bring("rain", token);
        bench.takeAway("rain");
        bench.bring("rain", token);
        assertEquals(List.of("granted", "removed", "granted"), bench.told());
    }

    @Test
    void oneWhoseKeyGoesAndComesBackIsToldAgain() {
        bench.bring("rain", bench.token("1", 1, Term.PERPETUAL));
        bench.trust(Bench.key(bench.other, "other", false, "*"));
        bench.trust(Bench.key(bench.acme, "acme", false, "com.acme.*"));
        assertEquals(List.of("granted", "refused", "granted"), bench.told());
    }

    @Test
    void aRenewalOfWhatHasEndedIsToldAsOne() {
        bench.bring("rain", bench.token("1", 1, Bench.until(Duration.ofHours(5), Duration.ZERO)));
        bench.pass(Duration.ofHours(6));
        bench.bring("rain", bench.token("1", 2, Bench.until(Duration.ofHours(20), Duration.ZERO)));
        assertEquals(List.of("granted", "ended", "renewed"), bench.told());
    }

    @Test
    void anotherLicenseUnderTheSameNameIsNoRenewal() {
        bench.bring("rain", bench.token("1", 1, Term.PERPETUAL));
        bench.bring("rain", bench.token("2", 2, Term.PERPETUAL));
        assertEquals(List.of("granted", "granted"), bench.told());
    }

    @Test
    void aRefusalIsToldOnceThroughAllProcesses() throws Exception {
        bench.bring(
                "rain",
                Bench.sign(
                        bench.other,
                        License.TYPE,
                        Bench.license("1", 1, Term.PERPETUAL).write()));
        bench.bring("snow", "");
        bench.revokeAt("dwr", "acme", "x");
        assertEquals(List.of("refused", "refused", "refused"), bench.told());
        bench.replaceLicensing();
        assertEquals(3, bench.told().size());
        bench.restart();
        assertEquals(List.of(), bench.told());
        bench.store.sync(); // the store does this by itself within seconds
        bench.cutPower();
        assertEquals(List.of(), bench.told());
    }

    @Test
    void oneThatGoesWhileTheGatewayIsOffIsTold() throws Exception {
        bench.bring("rain", bench.token("1", 1, Term.PERPETUAL));
        bench.takeAwayWhileOff("rain");
        assertEquals(List.of("removed"), bench.told());
        Map<String, ?> event = bench.outbox.events("license").get(0);
        assertEquals(Map.of("license", "rain", "iss", "acme", "jti", "1", "state", "removed"), event);
        bench.restart();
        assertEquals(List.of(), bench.told());
    }

    @Test
    void whatWasToldBeforeAnOutboxWasReplacedIsNotToldAgain() throws Exception {
        bench.bring("rain", bench.token("1", 1, Term.PERPETUAL));
        bench.outboxIsReplaced(true);
        bench.bring("snow", bench.token("2", 1, Term.PERPETUAL));
        assertTrue(bench.conditions().containsKey("license.com.acme.rain"));
        bench.replaceLicensing();
        assertEquals(List.of("granted", "granted"), bench.told());
    }

    @Test
    void whatCannotBeReadOfWhatWasToldIsToldAgain() throws Exception {
        bench.bring("rain", bench.token("1", 1, Term.PERPETUAL));
        bench.store.put("told", "x".getBytes(StandardCharsets.US_ASCII));
        bench.restart();
        assertEquals(List.of("granted"), bench.told());
        bench.restart();
        assertEquals(List.of(), bench.told());
    }
}
