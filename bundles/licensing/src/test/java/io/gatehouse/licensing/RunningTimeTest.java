package io.gatehouse.licensing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.protocol.license.Term;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is counted in time in which the gateway runs. */
final class RunningTimeTest {
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
    void anEvaluationEndsAlsoInSessionsThatAreEachCutOffWithinAnHour() throws Exception {
        bench.bring("rain", bench.token("1", 1, evaluation(Duration.ofHours(10))));
        int sessions = 0;
        while (bench.isGranted() && sessions < 100) {
            bench.pass(Duration.ofMinutes(55));
            bench.store.sync(); // the store does this by itself within seconds
            bench.cutPower();
            sessions++;
        }
        // of each half an hour, but for the moment before the first look
        assertTrue(sessions == 20 || sessions == 21, sessions + " sessions");
    }

    @Test
    void aGraceEndsAlsoInShortSessions() throws Exception {
        bench.bring("rain", bench.token("1", 1, Bench.until(Duration.ofMinutes(1), Duration.ofHours(2))));
        for (int session = 0; session < 10; session++) {
            bench.pass(Duration.ofMinutes(20));
            bench.store.sync();
            bench.cutPower();
        }
        assertFalse(bench.isGranted());
    }

    @Test
    void aLookByItselfBringsNothingToFlash() {
        bench.bring("rain", bench.token("1", 1, evaluation(Duration.ofHours(10))));
        String before = kept();
        bench.pass(Duration.ofSeconds(20));
        bench.look();
        assertEquals(before, kept());
        bench.pass(Duration.ofMinutes(1));
        assertNotEquals(before, kept());
    }

    @Test
    void anEvaluationThatIsTakenAwayNowAndThenEndsAllTheSame() {
        String token = bench.token("1", 1, evaluation(Duration.ofHours(10)));
        for (int i = 0; i < 20; i++) {
            bench.bring("rain", token);
            bench.pass(Duration.ofMinutes(35));
            bench.takeAway("rain");
        }
        bench.bring("rain", token);
        assertFalse(bench.isGranted());
    }

    @Test
    void nothingOfAnEvaluationPassesWhileItIsNotThere() {
        bench.bring("rain", bench.token("1", 1, evaluation(Duration.ofHours(10))));
        bench.takeAway("rain");
        bench.pass(Duration.ofDays(3));
        bench.bring("rain", bench.token("1", 1, evaluation(Duration.ofHours(10))));
        bench.pass(Duration.ofHours(9));
        assertTrue(bench.isGranted());
        bench.pass(Duration.ofHours(2));
        assertFalse(bench.isGranted());
    }

    private String kept() {
        return new String(bench.store.get("license/acme/1").orElseThrow(), StandardCharsets.UTF_8);
    }

    private static Term evaluation(Duration length) {
        return new Term(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(length), Duration.ZERO);
    }
}
