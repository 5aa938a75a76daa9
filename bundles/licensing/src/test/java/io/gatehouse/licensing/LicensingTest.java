package io.gatehouse.licensing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.Scope;
import io.gatehouse.protocol.license.HardwareLock;
import io.gatehouse.protocol.license.License;
import io.gatehouse.protocol.license.Limits;
import io.gatehouse.protocol.license.Revocations;
import io.gatehouse.protocol.license.Revocations.Revoked;
import io.gatehouse.protocol.license.Term;
import io.gatehouse.protocol.trust.SigningKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.condition.Condition;
import org.osgi.util.tracker.ServiceTracker;

final class LicensingTest {
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
    void grantsWhatALicensePermitsAsACondition() {
        License license = with(Map.of("targets", 50L, "radar", true));
        bench.bring("rain", Bench.sign(bench.acme, License.TYPE, license.write()));
        assertEquals(Map.of("license.com.acme.rain", Map.of("targets", 50L, "radar", true)), bench.conditions());
        assertEquals("granted", bench.reported("rain"));
        assertEquals("applied", bench.report().get("state"));
        assertEquals(List.of("granted"), bench.told());
    }

    @Test
    void withdrawsItWhenTheLicenseIsTakenAway() {
        bench.bring("rain", bench.token("1", 1, Term.PERPETUAL));
        bench.takeAway("rain");
        assertEquals(Map.of(), bench.conditions());
        assertEquals(List.of("granted", "removed"), bench.told());
        assertEquals("absent", bench.reported("rain"));
    }

    @Test
    void leavesAConditionAloneWhoseLicenseIsOnlyRenewed() {
        bench.bring("rain", bench.token("1", 1, Bench.until(Duration.ofDays(100), Duration.ZERO)));
        long before = serviceId();
        bench.bring("rain", bench.token("1", 2, Bench.until(Duration.ofDays(200), Duration.ZERO)));
        assertEquals(before, serviceId());
        assertEquals(List.of("granted", "renewed"), bench.told());
    }

    @Test
    void leavesConditionsAloneWhileItIsReplaced() throws Exception {
        bench.bring("rain", bench.token("1", 1, Term.PERPETUAL));
        long before = serviceId();
        bench.replaceLicensing();
        assertEquals(before, serviceId());
        bench.takeAway("rain");
        assertFalse(bench.isGranted());
    }

    private long serviceId() {
        try {
            return (long) List.copyOf(bench.framework
                            .getBundleContext()
                            .getServiceReferences(Condition.class, "(osgi.condition.id=license.com.acme.rain)"))
                    .get(0)
                    .getProperty(Constants.SERVICE_ID);
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void tellsTheGreatestLimitOfSeveralLicenses() {
        bench.bring("few", Bench.sign(bench.acme, License.TYPE, named("1", with(Map.of("targets", 5L, "x", 1L)))));
        bench.bring("many", Bench.sign(bench.acme, License.TYPE, named("2", with(Map.of("targets", 50L)))));
        assertEquals(Map.of("license.com.acme.rain", Map.of("targets", 50L)), bench.conditions());
        bench.takeAway("many");
        assertEquals(Map.of("license.com.acme.rain", Map.of("targets", 5L, "x", 1L)), bench.conditions());
    }

    @Test
    void refusesATokenThatWasTamperedWith() {
        String[] parts = bench.token("1", 1, Term.PERPETUAL).split("\\.");
        String claims = new String(Base64Url.decode(parts[1]).orElseThrow(), StandardCharsets.UTF_8)
                .replace("\"seq\":1", "\"seq\":9");
        refuses(
                "bad-signature",
                parts[0] + "." + Base64Url.encode(claims.getBytes(StandardCharsets.UTF_8)) + "." + parts[2]);
    }

    @Test
    void refusesWhatIsNoToken() {
        refuses("malformed", Map.of("a", 1));
        refuses("malformed", "");
    }

    @Test
    void refusesAForeignKey() {
        refuses(
                "unknown-key",
                Bench.sign(SigningKey.generate(), License.TYPE, license().write()));
    }

    @Test
    void refusesAnotherIssuersKeyUnderThisIssuersName() {
        refuses(
                "foreign-issuer",
                Bench.sign(bench.other, License.TYPE, license().write()));
    }

    @Test
    void refusesALicenseOfAnotherDevice() {
        refuses("foreign-device", signed(at("dwr/311-a1/00-11-22-33-44-66")));
        refuses("foreign-device", signed(at("dwr/311")));
    }

    @Test
    void refusesALicenseOfOtherHardwareAndForgivesASwappedPart() throws Exception {
        Path board = Files.createDirectories(folder.resolve("sys/class/dmi/id"));
        Files.writeString(board.resolve("board_serial"), "B-1\n");
        bench.restart();
        String mine = HardwareLock.fingerprint("board", "b-1");
        String modem = HardwareLock.fingerprint("modem", "352099001761481");
        refuses("foreign-hardware", signed(locked(2, mine, modem)));
        bench.bring("rain", signed(locked(1, mine, modem)));
        assertTrue(bench.isGranted());
        assertEquals(List.of(mine), bench.report().get("hardware"));
    }

    @Test
    void refusesALowerSequenceThanWasAcceptedAlsoAfterAPowerCut() throws Exception {
        bench.bring("rain", bench.token("1", 2, Term.PERPETUAL));
        bench.takeAway("rain");
        bench.cutPower();
        refuses("superseded", bench.token("1", 1, Term.PERPETUAL));
    }

    @Test
    void refusesOtherClaimsUnderASequenceThatWasAccepted() {
        bench.bring("rain", bench.token("1", 1, Bench.until(Duration.ofDays(10), Duration.ZERO)));
        bench.bring("rain", bench.token("1", 1, Term.PERPETUAL));
        assertEquals("refused ambiguous", bench.reported("rain"));
        bench.pass(Duration.ofDays(11));
        assertFalse(bench.isGranted());
    }

    @Test
    void duplicateTakesThePlaceOfNoneThatCountsAlready() {
        bench.bring("rain", bench.token("1", 1, Term.PERPETUAL));
        bench.bring("again", bench.token("1", 1, Term.PERPETUAL));
        assertEquals("granted", bench.reported("rain"));
        assertEquals("refused duplicate", bench.reported("again"));
    }

    @Test
    void countsADuplicateOnce() {
        bench.bring("rain", bench.token("1", 1, Term.PERPETUAL));
        bench.bring("snow", bench.token("1", 1, Term.PERPETUAL));
        assertEquals("granted", bench.reported("rain"));
        assertEquals("refused duplicate", bench.reported("snow"));
        assertEquals("refused", bench.report().get("state"));
        assertTrue(bench.isGranted());
    }

    @Test
    void waitsForATrustDocumentAndForItsBeginning() {
        bench.trustNobody();
        bench.bring("rain", bench.token("1", 1, from(Duration.ofDays(2))));
        assertEquals("waiting no-trust", bench.reported("rain"));
        assertEquals("waiting", bench.report().get("state"));
        bench.trust(Bench.key(bench.acme, "acme", false, "com.acme.*"));
        assertEquals("waiting not-yet", bench.reported("rain"));
        bench.pass(Duration.ofDays(2));
        assertEquals("granted", bench.reported("rain"));
    }

    @Test
    void retiredKeysLicensesStandAndNoMoreCome() throws Exception {
        bench.bring("rain", bench.token("1", 1, Term.PERPETUAL));
        bench.trust(Bench.key(bench.acme, "acme", true, "com.acme.*"));
        bench.cutPower();
        assertTrue(bench.isGranted());
        bench.bring("rain", bench.token("1", 2, Term.PERPETUAL));
        assertEquals("refused retired-key", bench.reported("rain"));
        bench.bring("snow", bench.token("2", 1, Term.PERPETUAL));
        assertEquals("refused retired-key", bench.reported("snow"));
    }

    @Test
    void licensesOfAKeyThatIsGoneEnd() {
        bench.bring("rain", bench.token("1", 1, Term.PERPETUAL));
        bench.trust(Bench.key(bench.other, "other", false, "*"));
        assertEquals("refused unknown-key", bench.reported("rain"));
        assertFalse(bench.isGranted());
    }

    @Test
    void revokedIsRevokedForGoodAlsoWhenTheListIsTakenAway() throws Exception {
        bench.bring("rain", bench.token("1", 1, Term.PERPETUAL));
        bench.revoke(bench.acme, list(1, new Revoked("1", Optional.of(1L), Optional.of("not paid"))));
        assertFalse(bench.isGranted());
        assertEquals("revoked revoked", bench.reported("rain"));
        assertEquals(List.of("granted", "revoked"), bench.told());
        bench.takeListsAway();
        bench.cutPower();
        assertFalse(bench.isGranted());
        bench.bring("rain", bench.token("1", 2, Term.PERPETUAL));
        assertTrue(bench.isGranted(), "a renewal with a greater sequence is not revoked");
    }

    @Test
    void takesNoOlderListAndNoneOfAnotherIssuer() {
        bench.bring("rain", bench.token("1", 1, Term.PERPETUAL));
        bench.revoke(bench.other, list(5, new Revoked("1", Optional.empty(), Optional.empty())));
        assertTrue(bench.isGranted());
        assertEquals("refused", bench.report().get("state"));
        bench.revoke(bench.acme, list(2, new Revoked("1", Optional.empty(), Optional.empty())));
        assertFalse(bench.isGranted());
        bench.revoke(bench.acme, list(1));
        assertFalse(bench.isGranted());
        assertEquals("refused", bench.report().get("state"), "since it is revoked");
    }

    @Test
    void aDocumentLiesOverTheImagesFileOfItsName() throws Exception {
        Files.createDirectories(folder.resolve("licenses"));
        Files.writeString(folder.resolve("licenses/rain.jwt"), bench.token("image", 1, Term.PERPETUAL) + "\n");
        bench.restart();
        assertEquals("granted", bench.reported("rain"));
        bench.bring("rain", signed(at("dwr/other")));
        assertEquals("refused foreign-device", bench.reported("rain"));
        bench.takeAway("rain");
        assertEquals("granted", bench.reported("rain"));
    }

    @Test
    void theNarrowestScopesDocumentCounts() {
        bench.bring("rain", 3, bench.token("narrow", 1, Term.PERPETUAL));
        bench.bring("rain", 1, signed(at("dwr/other")));
        assertEquals("granted", bench.reported("rain"));
    }

    @Test
    void namesTheFeaturesThatSomebodyWaitsForInVain() throws Exception {
        ServiceTracker<Condition, Condition> tracker = new ServiceTracker<>(
                bench.framework.getBundleContext(),
                bench.framework
                        .getBundleContext()
                        .createFilter("(&(objectClass=" + Condition.class.getName()
                                + ")(osgi.condition.id=license.com.acme.rain))"),
                null);
        tracker.open();
        bench.settle();
        assertEquals(List.of("com.acme.rain"), bench.report().get("unlicensed"));
        bench.bring("rain", bench.token("1", 1, Term.PERPETUAL));
        assertEquals(List.of(), bench.report().get("unlicensed"));
        bench.takeAway("rain");
        tracker.close();
        bench.settle();
        assertEquals(List.of(), bench.report().get("unlicensed"));
    }

    @Test
    void tellsAndReportsNothingTwice() throws Exception {
        bench.bring("rain", bench.token("1", 1, Term.PERPETUAL));
        int reports = bench.outbox.reports("license").size();
        bench.look();
        bench.pass(Duration.ofDays(3));
        assertEquals(reports, bench.outbox.reports("license").size());
        bench.restart();
        assertEquals(List.of(), bench.told(), "the fleet was told before");
        assertEquals(1, bench.outbox.reports("license").size());
    }

    private void refuses(String type, Object token) {
        bench.bring("rain", token);
        assertEquals("refused " + type, bench.reported("rain"));
        assertEquals("refused", bench.report().get("state"));
        assertFalse(bench.isGranted());
        Map<String, ?> event = bench.outbox
                .events("license")
                .get(bench.outbox.events("license").size() - 1);
        assertEquals(type, ((Map<?, ?>) event.get("problem")).get("type"));
    }

    private String signed(License license) {
        return Bench.sign(bench.acme, License.TYPE, license.write());
    }

    private static License license() {
        return Bench.license("1", 1, Term.PERPETUAL);
    }

    private static License with(Map<String, Object> limits) {
        License one = license();
        TreeMap<String, Limits> features = new TreeMap<>(Map.of("com.acme.rain", new Limits(new TreeMap<>(limits))));
        return new License(one.id(), one.subject(), one.issued(), one.sequence(), features, one.term(), one.lock());
    }

    private static Map<String, Object> named(String jti, License license) {
        Map<String, Object> claims = license.write();
        claims.put("jti", jti);
        return claims;
    }

    private static License at(String subject) {
        License one = license();
        return new License(
                one.id(), new Scope(subject), one.issued(), one.sequence(), one.features(), one.term(), one.lock());
    }

    private static License locked(int atLeast, String... of) {
        License one = license();
        return new License(
                one.id(),
                one.subject(),
                one.issued(),
                one.sequence(),
                one.features(),
                one.term(),
                Optional.of(new HardwareLock(atLeast, List.of(of))));
    }

    private static Term from(Duration begin) {
        return new Term(
                Optional.of(Bench.BEGIN.plus(begin)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Duration.ZERO);
    }

    private static Revocations list(long sequence, Revoked... revoked) {
        return new Revocations("acme", Bench.BEGIN, sequence, List.of(revoked));
    }
}
