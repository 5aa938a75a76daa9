package io.gatehouse.licensing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Term;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many licenses a device remembers. */
final class SharesTest {
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
    void noIssuerTakesAnothersPlaces() {
        for (int i = 10; i <= 10 + Ledger.SHARE; i++) {
            bench.want("other" + i, 2, other(i));
        }
        bench.want("rain", 2, bench.token("1", 1, Term.PERPETUAL));
        bench.look();
        assertEquals("granted", bench.reported("other10"));
        assertEquals("refused too-many", bench.reported("other" + (10 + Ledger.SHARE)));
        assertEquals("granted", bench.reported("rain"));
    }

    @Test
    void whatIsGoneMakesRoomAndWhatIsThereStays() throws Exception {
        bench.bring("first", bench.token("first", 1, Term.PERPETUAL));
        for (int i = 0; i < 2 * Ledger.SHARE; i++) {
            bench.bring("rain", bench.token("rain" + i, 1, Term.PERPETUAL));
            assertEquals("granted", bench.reported("rain"));
        }
        assertEquals(Ledger.SHARE, count());
        bench.cutPower();
        assertEquals("granted", bench.reported("first"));
        assertEquals("granted", bench.reported("rain"));
    }

    @Test
    void anEvaluationIsNeverForgotten() throws Exception {
        String evaluation = bench.token("try", 1, evaluation());
        bench.bring("try", evaluation);
        bench.pass(Duration.ofDays(2));
        bench.takeAway("try");
        for (int i = 0; i < 2 * Ledger.SHARE; i++) {
            bench.bring("rain", bench.token("rain" + i, 1, Term.PERPETUAL));
        }
        bench.takeAway("rain");
        bench.cutPower();
        bench.bring("try", evaluation);
        assertEquals("ended", bench.reported("try"));
        assertFalse(bench.isGranted());
    }

    @Test
    void whoEvaluatesAllItsPlacesAwayIsToldSo() {
        for (int i = 0; i < Ledger.SHARE; i++) {
            bench.bring("try", bench.token("try" + i, 1, evaluation()));
            bench.pass(Duration.ofMinutes(5));
        }
        bench.bring("rain", bench.token("1", 1, Term.PERPETUAL));
        assertEquals("refused too-many", bench.reported("rain"));
        bench.bring("other", other(1));
        assertTrue(bench.conditions().containsKey("license.com.acme.rain"), "another issuer's");
    }

    private long count() {
        return bench.store.keys().stream()
                .filter(key -> key.startsWith("license/"))
                .count();
    }

    private String other(int number) {
        Map<String, Object> claims =
                Bench.license("o" + number, 1, Term.PERPETUAL).write();
        claims.put("iss", "other");
        return Bench.sign(bench.other, License.TYPE, claims);
    }

    private static Term evaluation() {
        return new Term(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(Duration.ofDays(1)), Duration.ZERO);
    }
}
