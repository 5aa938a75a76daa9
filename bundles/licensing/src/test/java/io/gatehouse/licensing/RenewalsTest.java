package io.gatehouse.licensing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Revocations;
import io.gatehouse.protocol.license.Revocations.Revoked;
import io.gatehouse.protocol.license.Term;
import io.gatehouse.protocol.trust.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not accepted takes nothing away. */
final class RenewalsTest {
    private static final Duration DAY = Duration.ofDays(1);

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
    void oneUnderAnotherNameThatBeginsLaterTakesNothingAway() {
        bench.bring("rain", bench.token("1", 1, between(0, 30)));
        bench.bring("rain-next", bench.token("1", 2, between(20, 60)));
        assertEquals("granted", bench.reported("rain"));
        assertEquals("waiting not-yet", bench.reported("rain-next"));
        bench.pass(DAY.multipliedBy(21));
        assertEquals("refused duplicate", bench.reported("rain"));
        assertEquals("granted", bench.reported("rain-next"));
        assertTrue(bench.isGranted());
    }

    @Test
    void oneUnderItsOwnNameThatBeginsLaterTakesNothingAway() throws Exception {
        bench.bring("rain", bench.token("1", 1, between(0, 30)));
        bench.bring("rain", bench.token("1", 2, between(20, 60)));
        assertEquals(List.of("2 waiting not-yet", "1 granted"), bench.rows("rain"));
        assertEquals(List.of("granted", "waiting"), bench.told());
        bench.cutPower();
        assertTrue(bench.isGranted(), "after a power cut");
        bench.pass(DAY.multipliedBy(21));
        assertEquals(List.of("2 granted"), bench.rows("rain"));
        assertEquals("renewed", bench.told().get(bench.told().size() - 1));
    }

    @Test
    void oneThatIsRefusedTakesNothingAwayAndIsToldOnce() throws Exception {
        bench.bring("rain", bench.token("1", 1, between(0, 30)));
        bench.bring("rain", "");
        bench.look();
        assertEquals(List.of("null refused malformed", "1 granted"), bench.rows("rain"));
        assertEquals("refused", bench.report().get("state"));
        assertEquals(List.of("granted", "refused"), bench.told());
        bench.restart();
        assertTrue(bench.isGranted(), "in the next process");
        bench.bring("rain", bench.token("1", 2, between(0, 60)));
        assertEquals(List.of("2 granted"), bench.rows("rain"));
        assertFalse(bench.told().contains("removed"), bench.told().toString());
    }

    @Test
    void aCopyThatIsRefusedTakesNoPlace() {
        bench.bring("rain", bench.token("1", 1, between(0, 30)));
        bench.bring("a", bench.token("1", 1, between(0, 31)));
        assertEquals("refused ambiguous", bench.reported("a"));
        assertEquals("granted", bench.reported("rain"));
        bench.trust(Bench.key(bench.acme, "acme", true, "com.acme.*"), Bench.key(bench.other, "other", false, "*"));
        bench.bring("a", bench.token("1", 2, between(0, 60)));
        assertEquals("refused retired-key", bench.reported("a"));
        assertEquals("granted", bench.reported("rain"));
        assertTrue(bench.isGranted());
    }

    @Test
    void whatGoesOnEndsWhenItsTimeIsOver() {
        bench.bring("rain", bench.token("1", 1, between(0, 30)));
        bench.bring("rain", "");
        bench.pass(DAY.multipliedBy(31));
        assertEquals(List.of("null refused malformed", "1 ended"), bench.rows("rain"));
        assertFalse(bench.isGranted());
    }

    @Test
    void whatGoesOnEndsWithItsDocument() throws Exception {
        Files.createDirectories(folder.resolve("licenses"));
        Files.writeString(folder.resolve("licenses/rain.jwt"), bench.token("1", 1, between(0, 5)));
        bench.restart();
        bench.bring("rain", bench.token("1", 2, between(0, 30)));
        bench.bring("rain", "");
        assertTrue(bench.isGranted());
        bench.takeAway("rain");
        assertEquals(List.of("1 refused superseded"), bench.rows("rain"));
        bench.bring("rain", "");
        assertFalse(bench.isGranted(), "it was taken away");
    }

    @Test
    void whatGoesOnEndsWhenItIsRevokedOrItsKeyIsGone() {
        bench.bring("rain", bench.token("1", 1, Term.PERPETUAL));
        bench.bring("rain", "");
        bench.trust(Bench.key(bench.other, "other", false, "*"));
        assertFalse(bench.isGranted());
        bench.trust(Bench.key(bench.acme, "acme", false, "com.acme.*"));
        assertTrue(bench.isGranted());
        bench.revoke(bench.acme, list(new Revoked("1", Optional.of(1L), Optional.empty())));
        assertFalse(bench.isGranted());
    }

    @Test
    void aDocumentThatIsRefusedHidesNeitherTheImagesFileNorAWiderScopes() throws Exception {
        Files.createDirectories(folder.resolve("licenses"));
        Files.writeString(folder.resolve("licenses/rain.jwt"), bench.token("image", 1, Term.PERPETUAL));
        bench.restart();
        bench.bring("rain", 3, "");
        assertEquals(List.of("null refused malformed", "1 granted"), bench.rows("rain"));
        bench.bring("rain", 1, bench.token("wide", 7, Term.PERPETUAL));
        assertEquals(List.of("null refused malformed", "7 granted"), bench.rows("rain"));
        bench.takeAway("rain");
        assertEquals(List.of("1 granted"), bench.rows("rain"));
    }

    @Test
    void theSameClaimsUnderAnIssuersNextKeyAreTheSameLicenseAndList() {
        SigningKey next = SigningKey.generate();
        License license = Bench.license("1", 1, between(0, 30));
        Revocations list = list(new Revoked("2", Optional.empty(), Optional.empty()));
        bench.bring("rain", Bench.sign(bench.acme, License.TYPE, license.write()));
        bench.revoke(bench.acme, list);
        bench.trust(Bench.key(bench.acme, "acme", true, "com.acme.*"), Bench.key(next, "acme", false, "com.acme.*"));
        bench.bring("rain", Bench.sign(next, License.TYPE, license.write()));
        bench.revoke(next, list);
        assertEquals(List.of("1 granted"), bench.rows("rain"));
        assertEquals(List.of("acme 3 applied"), bench.reportedLists());
        bench.trust(Bench.key(next, "acme", false, "com.acme.*"));
        assertTrue(bench.isGranted(), "the first key is gone");
    }

    @Test
    void aListOfARetiredKeyAndAnotherOfTheSameSequenceAreRefused() {
        bench.revoke(bench.acme, list());
        bench.revoke(bench.acme, list(new Revoked("1", Optional.empty(), Optional.empty())));
        assertEquals(
                List.of("acme 3 applied", "acme 3 refused ambiguous at dwr/desired/revocation/acme"),
                bench.reportedLists());
        bench.trust(Bench.key(bench.acme, "acme", true, "com.acme.*"));
        bench.revoke(bench.acme, new Revocations("acme", Bench.BEGIN, 4, List.of()));
        assertEquals(
                List.of("acme 3 applied", "acme 4 refused retired-key at dwr/desired/revocation/acme"),
                bench.reportedLists());
    }

    private static Term between(int beginDays, int endDays) {
        return new Term(
                beginDays == 0 ? Optional.empty() : Optional.of(Bench.BEGIN.plus(DAY.multipliedBy(beginDays))),
                Optional.of(Bench.BEGIN.plus(DAY.multipliedBy(endDays))),
                Optional.empty(),
                Optional.empty(),
                Duration.ZERO);
    }

    private static Revocations list(Revoked... revoked) {
        return new Revocations("acme", Bench.BEGIN, 3, List.of(revoked));
    }
}
