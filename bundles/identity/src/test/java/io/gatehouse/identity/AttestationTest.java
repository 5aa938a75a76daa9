package io.gatehouse.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.device.Attester;
import io.gatehouse.api.device.Attester.Attestation;
import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.enrollment.Token;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a device signs in its own name, and when it can. */
class AttestationTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Instant LATER = NOW.plus(Duration.ofDays(365));
    private static final DeviceName DEVICE = DeviceName.parse("dwr/311-a1/7");

    @TempDir
    private Path state;

    private final ByHand time = new ByHand(NOW);
    private final Map<String, String> properties = new HashMap<>();
    private final Offered offered = new Offered();
    private Authority authority;
    private Token token;

    @BeforeEach
    void thereIsAnAuthority() throws Exception {
        authority = new Authority(NOW.minus(Duration.ofDays(1)));
        properties.put("gatehouse.state", state.toString());
        token = Token.generate(DEVICE, Optional.empty(), authority.fingerprint(), "A".repeat(43), new SecureRandom());
    }

    @Test
    void signatureHoldsByTheCertificatesKeyOverThePurposeAndTheStatement() throws Exception {
        Credentials credentials = enroll();
        byte[] statement = {0, 1, (byte) 0xff, '\n'};
        Attestation attestation = attester().attest("terminal", statement);
        assertEquals(credentials.inForce().orElseThrow().certificates(), attestation.chain());
        assertEquals(
                authority.certificate,
                attestation.chain().get(attestation.chain().size() - 1));
        assertTrue(holds(attestation, "gatehouse terminal", statement));
        assertFalse(holds(attestation, "gatehouse terminal", new byte[] {0, 1, (byte) 0xff}));
        assertTrue(holds(attester().attest("terminal", new byte[0]), "gatehouse terminal", new byte[0]));
    }

    @Test
    void statementForOnePurposeIsNoneForAnother() throws Exception {
        enroll();
        byte[] statement = "s".getBytes(StandardCharsets.UTF_8);
        Attestation attestation = attester().attest("tunnel-key", statement);
        assertTrue(holds(attestation, "gatehouse tunnel-key", statement));
        assertFalse(holds(attestation, "gatehouse tunnel", statement));
        assertFalse(holds(attestation, "gatehouse tunnel-keys", new byte[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Terminal", "terminal ", "two words", "-a", "a-", "a--b", "a\0b", "t\u00fcr", "a\n"})
    void refusesWhatIsNoPurpose(String purpose) throws Exception {
        enroll();
        String message = assertThrows(
                        IllegalArgumentException.class, () -> attester().attest(purpose, new byte[0]))
                .getMessage();
        assertTrue(message.endsWith("\"" + purpose + "\""), message);
    }

    @Test
    void deviceOfNoFleetCannotAttest() {
        credentials();
        assertEquals(Optional.empty(), offered.best(Attester.class));
    }

    @Test
    void deviceCanAttestAsSoonAsItIsEnrolled() throws Exception {
        properties.put("gatehouse.token", token.write());
        Credentials credentials = credentials();
        assertEquals(Optional.empty(), offered.best(Attester.class), "it claims");
        credentials.accept(chain(credentials, LATER).write());
        assertEquals(Optional.empty(), offered.best(Attester.class), "not in the middle of what brought it");
        time.pass(Duration.ZERO);
        assertTrue(offered.best(Attester.class).isPresent());
    }

    @Test
    void deviceCanAttestAfterARestart() throws Exception {
        Credentials before = enroll();
        List<X509Certificate> chain = before.inForce().orElseThrow().certificates();
        before.end();
        credentials();
        assertEquals(chain, attester().attest("any", new byte[0]).chain());
    }

    @Test
    void showsTheNewerCertificateAfterRenewalWithoutEverBeingAway() throws Exception {
        Credentials credentials = enroll();
        Attester attester = attester();
        IssuedChain next = chain(credentials, LATER.plusSeconds(60));
        credentials.accept(next.write());
        time.pass(Duration.ZERO);
        assertEquals(1, offered.story.stream().filter("+Attester"::equals).count());
        assertFalse(offered.story.contains("-Attester"), offered.story::toString);
        Attestation attestation = attester.attest("terminal", new byte[] {1});
        assertEquals(next.certificates(), attestation.chain());
        assertTrue(holds(attestation, "gatehouse terminal", new byte[] {1}));
    }

    @Test
    void deviceThatLostItsCertificateCannotAttest() throws Exception {
        enroll().end();
        Files.writeString(state.resolve("identity/certificate.pem"), "-----BEGIN CERTIFICATE-----\nAAAA");
        credentials();
        assertEquals(Optional.empty(), offered.best(Attester.class));
    }

    @Test
    void deviceThatClaimsAnewCannotAttestUntilItIsAnswered() throws Exception {
        enroll().end();
        token = Token.generate(DEVICE, Optional.empty(), authority.fingerprint(), "A".repeat(43), new SecureRandom());
        properties.put("gatehouse.token", token.write());
        Credentials again = credentials();
        assertEquals(Optional.empty(), offered.best(Attester.class));
        again.accept(chain(again, LATER).write());
        time.pass(Duration.ZERO);
        assertTrue(offered.best(Attester.class).isPresent());
    }

    @Test
    void isWithdrawnAtTheEnd() throws Exception {
        enroll().end();
        assertEquals(
                List.of("-SSLContext", "-Attester"),
                offered.story.subList(offered.story.size() - 2, offered.story.size()));
        assertEquals(0, offered.count());
    }

    private static boolean holds(Attestation attestation, String begin, byte[] statement) throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        said.write(begin.getBytes(StandardCharsets.UTF_8));
        said.write(0);
        said.write(statement);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initVerify(attestation.chain().get(0).getPublicKey());
        signature.update(said.toByteArray());
        return signature.verify(attestation.signature());
    }

    private Attester attester() {
        return (Attester) offered.best(Attester.class).orElseThrow().service();
    }

    private Credentials enroll() throws Exception {
        properties.put("gatehouse.token", token.write());
        Credentials credentials = credentials();
        credentials.accept(chain(credentials, LATER).write());
        time.pass(Duration.ZERO);
        return credentials;
    }

    private Credentials credentials() {
        Credentials.Place place = new Credentials.Place(
                new Settings(property -> Optional.ofNullable(properties.get(property))),
                offered,
                NOW.minus(Duration.ofDays(30)));
        return new Credentials(place, time, time, time::nanos);
    }

    private IssuedChain chain(Credentials credentials, Instant until) throws Exception {
        var request = new JcaPKCS10CertificationRequest(credentials.signingRequest());
        return authority.device(request.getPublicKey(), DEVICE.toString(), NOW, until);
    }
}
