package io.gatehouse.cli.ca;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.Pem;
import io.gatehouse.protocol.enrollment.ClaimAnswer;
import io.gatehouse.protocol.enrollment.ClaimRequest;
import io.gatehouse.protocol.enrollment.Token;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which claims and renewals get a certificate, and which do not. */
final class ClaimDeskTest {
    private static final String DEVICE = "dwr/311-a1/7";
    private static final String ROOT = "A".repeat(43);
    private static final Duration LIFE = Duration.ofDays(365);

    @TempDir
    private Path folder;

    private final Moved clock = new Moved();
    private final KeyPair key = keys("EC");
    private Authority authority;
    private Token token;

    private static final class Moved extends Clock {
        private Instant now = Instant.parse("2026-06-01T12:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeEach
    void aTokenWasMade() throws Trouble {
        authority = Authority.create(folder.resolve("fleet"), "Fleet", clock);
        token = grant(DEVICE);
    }

    @Test
    void keepsItsKeyAndTheTokensSecretsFromOthers() throws Exception {
        for (String file : List.of("ca.key", "register.jsonl")) {
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("fleet/" + file))));
        }
        Trouble trouble = assertThrows(Trouble.class, () -> Authority.create(folder.resolve("fleet"), "Other", clock));
        assertTrue(trouble.getMessage().contains("already"), trouble.getMessage());
    }

    @Test
    void givesWhoHasTheTokenACertificateForItsKey() throws Exception {
        X509CertificateHolder made = certificate(claim(token, key, DEVICE));
        assertEquals(new X500Name("CN=" + DEVICE), made.getSubject());
        assertArrayEquals(
                key.getPublic().getEncoded(), made.getSubjectPublicKeyInfo().getEncoded());
        assertEquals(clock.now.plus(LIFE), made.getNotAfter().toInstant());
        List<byte[]> chain = Pem.read(Pem.CERTIFICATE, ((ClaimAnswer.Issued) claim(token, key, DEVICE)).certificate());
        X509CertificateHolder ca = new X509CertificateHolder(chain.get(1));
        assertEquals(token.ca(), authority.fingerprint());
        assertTrue(made.isSignatureValid(new JcaContentVerifierProviderBuilder().build(ca)));
    }

    @Test
    void givesTheSameAgainToTheSameKeyAlsoWhenTheTokenIsOver() throws Exception {
        ClaimAnswer first = claim(token, key, DEVICE);
        clock.now = clock.now.plus(Duration.ofDays(30));
        assertEquals(first, claim(token, key, DEVICE));
        assertEquals(first, desk(reopened()).claim(token.id(), request(token, key, DEVICE)), "also after a restart");
    }

    @Test
    void refusesATokenThatWasUsedByAnother() throws Exception {
        claim(token, key, DEVICE);
        assertEquals("used-token", refusal(claim(token, keys("EC"), DEVICE)));
    }

    @Test
    void refusesATokenThatNobodyMade() throws Exception {
        Authority other = Authority.create(folder.resolve("other"), "Other", clock);
        Token foreign = new Tokens(other).grant(DeviceName.parse(DEVICE), Optional.empty(), ROOT, LIFE);
        assertEquals("unknown-token", refusal(claim(foreign, key, DEVICE)));
    }

    @Test
    void refusesATokenThatIsOver() throws Exception {
        clock.now = clock.now.plus(Duration.ofDays(7));
        assertEquals("expired-token", refusal(claim(token, key, DEVICE)));
    }

    @Test
    void refusesWhoKnowsTheIdAndNotTheSecret() throws Exception {
        byte[] der = signingRequest(key, DEVICE);
        Token guessed = new Token(token.id(), "A".repeat(43), token.device(), token.place(), token.ca(), ROOT);
        for (Optional<String> mac : List.of(Optional.<String>empty(), Optional.of(guessed.mac(der)))) {
            byte[] payload = new ClaimRequest(der, mac).write();
            assertEquals("wrong-mac", refusal(desk(authority).claim(token.id(), payload)));
        }
    }

    @Test
    void refusesAnotherNameThanTheTokens() throws Exception {
        assertEquals("wrong-name", refusal(claim(token, key, "dwr/311-a1/8")));
        assertEquals("wrong-name", refusal(claim(token, key, DEVICE + ",O=x")));
    }

    @Test
    void refusesASecondCertificateForALivingDeviceUntilItIsReleased() throws Exception {
        claim(token, key, DEVICE);
        Token second = grant(DEVICE);
        KeyPair other = keys("EC");
        assertEquals("living-device", refusal(claim(second, other, DEVICE)));
        new Tokens(authority).release(DEVICE);
        certificate(claim(second, other, DEVICE));
        assertEquals("used-token", refusal(claim(token, key, DEVICE)), "the released one does not come back");
        assertEquals("unknown-key", refusal(renew(key, DEVICE)));
    }

    @Test
    void revokesAllCertificatesThatAReleasedDeviceHasUntilTheyEnd() throws Exception {
        String first = serial(claim(token, key, DEVICE));
        clock.now = clock.now.plus(Duration.ofDays(183));
        String second = serial(renew(key, DEVICE));
        assertEquals(List.of(), RevocationList.of(authority, 1).serials());
        new Tokens(authority).release(DEVICE);
        certificate(claim(grant(DEVICE), keys("EC"), DEVICE));
        X509CRLHolder list = new X509CRLHolder(
                Pem.read("X509 CRL", RevocationList.of(reopened(), 3).pem()).get(0));
        assertEquals(2, list.getRevokedCertificates().size());
        assertEquals(
                clock.now,
                list.getRevokedCertificate(new BigInteger(first, 16))
                        .getRevocationDate()
                        .toInstant());
        assertEquals(clock.now.plus(Duration.ofDays(3)), list.getNextUpdate().toInstant());
        clock.now = clock.now.plus(Duration.ofDays(183));
        assertEquals(List.of(second), RevocationList.of(authority, 1).serials(), "the first has ended");
    }

    @Test
    void givesANewTokenACertificateWhereTheOldOneEnded() throws Exception {
        claim(token, key, DEVICE);
        clock.now = clock.now.plus(LIFE);
        assertEquals("used-token", refusal(claim(token, key, DEVICE)));
        certificate(claim(grant(DEVICE), keys("EC"), DEVICE));
    }

    @Test
    void refusesARequestThatSomebodyElseMadeForTheKey() throws Exception {
        byte[] der = new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=" + DEVICE), key.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA")
                        .build(keys("EC").getPrivate()))
                .getEncoded();
        byte[] payload = new ClaimRequest(der, Optional.of(token.mac(der))).write();
        assertEquals("bad-request", refusal(desk(authority).claim(token.id(), payload)));
    }

    @Test
    void refusesKeysOfOtherKindsAndTakesEd25519() throws Exception {
        assertEquals("bad-request", refusal(claim(token, keys("RSA"), DEVICE)));
        certificate(claim(token, keys("Ed25519"), DEVICE));
    }

    @Test
    void answersNonsenseWithAProblem() throws Exception {
        for (byte[] payload :
                List.of(new byte[0], "{}".getBytes(), new ClaimRequest(new byte[9], Optional.empty()).write())) {
            assertEquals("bad-request", refusal(desk(authority).claim(token.id(), payload)));
            assertEquals("bad-request", refusal(desk(authority).renew(DEVICE, payload)));
        }
    }

    @Test
    void renewsForTheSameKeyWhenHalfOfTheLifeIsOver() throws Exception {
        ClaimAnswer first = claim(token, key, DEVICE);
        clock.now = clock.now.plus(Duration.ofDays(180));
        assertEquals(first, renew(key, DEVICE), "who repeats a request does not fill the register");
        clock.now = clock.now.plus(Duration.ofDays(3));
        ClaimAnswer next = renew(key, DEVICE);
        assertNotEquals(first, next);
        assertEquals(clock.now.plus(LIFE), certificate(next).getNotAfter().toInstant());
        assertEquals(next, renew(key, DEVICE));
        assertEquals(next, claim(token, key, DEVICE));
    }

    @Test
    void renewsForNobodyElse() throws Exception {
        assertEquals("unknown-key", refusal(renew(key, DEVICE)));
        claim(token, key, DEVICE);
        assertEquals("unknown-key", refusal(renew(keys("EC"), DEVICE)));
        assertEquals("unknown-key", refusal(renew(key, "dwr/311-a1/8")));
        assertEquals(
                "wrong-name",
                refusal(desk(authority)
                        .renew(DEVICE, new ClaimRequest(signingRequest(key, "x"), Optional.empty()).write())));
    }

    @Test
    void passesOverALineThatAPowerCutLeft() throws Exception {
        ClaimAnswer first = claim(token, key, DEVICE);
        Path register = folder.resolve("fleet/register.jsonl");
        Files.writeString(register, "{\"at\":\"2026-06", StandardOpenOption.APPEND);
        assertEquals(first, desk(reopened()).claim(token.id(), request(token, key, DEVICE)));
        Token next = new Tokens(reopened()).grant(DeviceName.parse("dwr/311-a1/8"), Optional.empty(), ROOT, LIFE);
        assertEquals(3, Files.readAllLines(register).size());
        certificate(claim(next, keys("EC"), "dwr/311-a1/8"));
    }

    @Test
    void seesWhatAnotherProcessWrote() throws Exception {
        claim(token, key, DEVICE);
        Token next = new Tokens(reopened()).grant(DeviceName.parse("dwr/311-a1/8"), Optional.empty(), ROOT, LIFE);
        certificate(claim(next, keys("EC"), "dwr/311-a1/8"));
        new Tokens(reopened()).release(DEVICE);
        assertEquals("used-token", refusal(claim(token, key, DEVICE)));
    }

    @Test
    void saysWhereTheRegisterCannotBeRead() throws IOException {
        Files.writeString(folder.resolve("fleet/register.jsonl"), "{}\n", StandardOpenOption.APPEND);
        Trouble trouble = assertThrows(Trouble.class, () -> new Tokens(reopened()).list());
        assertTrue(
                trouble.getMessage().contains("register.jsonl has a line that cannot be read"), trouble.getMessage());
    }

    private Authority reopened() throws Trouble {
        return Authority.open(folder.resolve("fleet"), clock);
    }

    private Token grant(String device) throws Trouble {
        return new Tokens(authority).grant(DeviceName.parse(device), Optional.empty(), ROOT, Duration.ofDays(7));
    }

    private ClaimAnswer claim(Token by, KeyPair pair, String name) throws Exception {
        return desk(authority).claim(by.id(), request(by, pair, name));
    }

    private ClaimAnswer renew(KeyPair pair, String name) throws Exception {
        return desk(authority).renew(name, new ClaimRequest(signingRequest(pair, name), Optional.empty()).write());
    }

    private static ClaimDesk desk(Authority of) throws Trouble {
        return new ClaimDesk(of, LIFE);
    }

    private static byte[] request(Token by, KeyPair pair, String name) throws Exception {
        byte[] der = signingRequest(pair, name);
        return new ClaimRequest(der, Optional.of(by.mac(der))).write();
    }

    private static byte[] signingRequest(KeyPair pair, String name) throws Exception {
        String algorithm = pair.getPrivate().getAlgorithm();
        String signature =
                algorithm.equals("EC") ? "SHA256withECDSA" : algorithm.equals("RSA") ? "SHA256withRSA" : "Ed25519";
        return new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=" + name), pair.getPublic())
                .build(new JcaContentSignerBuilder(signature).build(pair.getPrivate()))
                .getEncoded();
    }

    private static String refusal(ClaimAnswer answer) {
        return answer instanceof ClaimAnswer.Refused refused ? refused.problem().type() : "issued";
    }

    private static X509CertificateHolder certificate(ClaimAnswer answer) throws IOException {
        assertEquals("issued", refusal(answer));
        return new X509CertificateHolder(Pem.read(Pem.CERTIFICATE, ((ClaimAnswer.Issued) answer).certificate())
                .get(0));
    }

    private static String serial(ClaimAnswer answer) throws IOException {
        return certificate(answer).getSerialNumber().toString(16);
    }

    private static KeyPair keys(String algorithm) {
        if (algorithm.equals("EC")) {
            return Authority.generate();
        }
        try {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
