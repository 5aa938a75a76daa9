package io.gatehouse.licensing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.protocol.license.Revocations;
import io.gatehouse.protocol.license.Revocations.Revoked;
import io.gatehouse.protocol.license.Term;
import io.gatehouse.protocol.trust.SigningKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a device says of revocation lists, whatever else it has to say. */
final class RevocationListsTest {
    private static final String TOPIC = "dwr/desired/revocation/acme";

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
    void saysWhichOfEachIssuerIsInForceAlsoWhenItIsNoLongerWanted() throws Exception {
        bench.look();
        assertEquals(List.of(), bench.reportedLists());
        bench.revoke(bench.acme, list("acme", 1));
        bench.revoke(bench.other, list("other", 7));
        assertEquals(List.of("acme 1 applied", "other 7 applied"), bench.reportedLists());
        assertEquals("applied", bench.report().get("state"));
        bench.revoke(bench.acme, list("acme", 2));
        assertEquals(List.of("acme 2 applied", "other 7 applied"), bench.reportedLists());
        bench.takeListsAway();
        bench.cutPower();
        assertEquals(List.of("acme 2 applied", "other 7 applied"), bench.reportedLists());
        assertEquals(List.of(), bench.told());
    }

    @Test
    void saysWhyOneIsRefused() {
        bench.revoke(bench.acme, list("acme", 2));
        String good = token(bench.acme, list("acme", 3));
        refuses(
                "acme refused bad-signature",
                token(bench.acme, list("acme", 4)).replaceFirst("[^.]*$", signature(good)));
        refuses("acme refused foreign-issuer", token(bench.other, list("acme", 3)));
        refuses("acme refused unknown-key", token(SigningKey.generate(), list("acme", 3)));
        refuses("acme refused malformed", good + "A".repeat(Revocations.TYPE.longest()));
        refuses("acme refused malformed", Map.of("a", 1));
        refuses("acme 2 refused ambiguous", token(bench.acme, list("acme", 2, "rain")));
        refuses("acme 1 refused superseded", token(bench.acme, list("acme", 1)));
        bench.trust(Bench.key(bench.acme, "acme", true, "com.acme.*"));
        refuses("acme 3 refused retired-key", good);
        bench.trust(Bench.key(bench.acme, "acme", false, "com.acme.*"));
        assertEquals(List.of("acme 3 applied"), bench.reportedLists());
        assertEquals("applied", bench.report().get("state"));
    }

    private void refuses(String words, Object token) {
        bench.revokeAt("dwr", "acme", token);
        assertEquals(List.of("acme 2 applied", words + " at " + TOPIC), bench.reportedLists());
        assertEquals("refused", bench.report().get("state"));
        List<Map<String, ?>> events = bench.outbox.events("license");
        Map<String, ?> event = events.get(events.size() - 1);
        assertEquals(TOPIC, event.get("revocations"));
        String type = words.substring(words.lastIndexOf(' ') + 1);
        assertEquals(type, ((Map<?, ?>) event.get("problem")).get("type"));
        assertEquals(TOPIC + ": " + ((Map<?, ?>) event.get("problem")).get("detail"), problem());
    }

    @Test
    void oneThatWaitsForATrustDocumentIsNotRefused() {
        bench.trustNobody();
        bench.revoke(bench.acme, list("acme", 1));
        assertEquals(List.of("acme waiting no-trust at " + TOPIC), bench.reportedLists());
        assertEquals("waiting", bench.report().get("state"));
        assertEquals(List.of(), bench.told());
        bench.trust(Bench.key(bench.acme, "acme", false, "com.acme.*"));
        assertEquals(List.of("acme 1 applied"), bench.reportedLists());
    }

    @Test
    void aRefusedLicenseHidesNoRefusedList() {
        bench.bring("rain", "");
        bench.revoke(bench.other, list("acme", 1));
        assertEquals("refused malformed", bench.reported("rain"));
        assertTrue(problem().startsWith("license rain: "), problem());
        assertEquals(List.of("acme refused foreign-issuer at " + TOPIC), bench.reportedLists());
    }

    @Test
    void ofSeveralScopesTheGreatestSequenceCountsInWhateverOrderTheyCome() {
        List<String> expected =
                List.of("acme 3 applied", "acme 2 refused superseded at dwr/311-a1/desired/revocation/acme");
        bench.wantList("dwr/311-a1", "acme", token(bench.acme, list("acme", 2, "rain")));
        bench.revokeAt("dwr", "acme", token(bench.acme, list("acme", 3)));
        assertEquals(expected, bench.reportedLists());
        bench.bring("rain", bench.token("rain", 1, Term.PERPETUAL));
        assertTrue(bench.isGranted(), "the list that revokes it is not in force");
        bench.wantList("dwr", "acme", token(bench.acme, list("acme", 4)));
        bench.revokeAt("dwr/311-a1", "acme", token(bench.acme, list("acme", 5, "rain")));
        assertEquals(List.of("acme 5 applied", "acme 4 refused superseded at " + TOPIC), bench.reportedLists());
        assertFalse(bench.isGranted());
    }

    @Test
    void oneThatWasAcceptedAndCannotBeReadAnyMoreIsRefused() throws Exception {
        bench.store.put("revocations/acme", "x".getBytes(StandardCharsets.US_ASCII));
        bench.restart();
        bench.revokeAt("dwr", "acme", "x");
        assertEquals(List.of("acme refused malformed at " + TOPIC), bench.reportedLists());
    }

    private String problem() {
        return String.valueOf(((Map<?, ?>) bench.report().get("problem")).get("detail"));
    }

    private static String signature(String token) {
        return token.substring(token.lastIndexOf('.') + 1);
    }

    private static String token(SigningKey key, Revocations list) {
        return Bench.sign(key, Revocations.TYPE, list.write());
    }

    private static Revocations list(String issuer, long sequence, String... revoked) {
        List<Revoked> all = List.of(revoked).stream()
                .map(jti -> new Revoked(jti, Optional.empty(), Optional.empty()))
                .toList();
        return new Revocations(issuer, Bench.BEGIN, sequence, all);
    }
}
