package io.gatehouse.protocol.reach;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.device.Attester;
import io.gatehouse.protocol.DeviceName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TerminalStatementTest {
    private static final String D = "dwr/311-a1/00-11-22-33-44-55";
    private static final DeviceName DEVICE = DeviceName.parse(D);
    private static final String ASKER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ operator@desk";
    private static final String HOST = "SHA256:vv7kxYYq";
    private static final TerminalStatement STATEMENT = new TerminalStatement(DEVICE, "AQID", ASKER, HOST);
    private static final Clock NOW = Clock.systemUTC();

    @TempDir
    private static Path folder;

    private static Authorities keys;
    private static X509Certificate fleet;

    @BeforeAll
    static void makeKeys() throws Exception {
        keys = new Authorities(folder);
        keys.authority("fleet", "-ext", "bc:c", "-validity", "2");
        keys.authority("plant", "-ext", "bc:c", "-signer", "fleet", "-validity", "9");
        keys.authority("elsewhere", "-ext", "bc:c", "-validity", "9");
        keys.device("device", D, "-signer", "fleet", "-validity", "9", "-ext", "eku=clientAuth");
        keys.device("ofPlant", D, "-signer", "plant", "-validity", "1");
        keys.device("ofElsewhere", D, "-signer", "elsewhere");
        keys.device("broker", D, "-signer", "fleet", "-ext", "eku=serverAuth");
        keys.device("other", D + "6", "-signer", "fleet");
        keys.device("ofDevice", D, "-signer", "device");
        keys.withRsa("rsa", D, "fleet");
        fleet = keys.certificate("fleet");
    }

    @Test
    void deviceOfTheFleetIsBelieved() throws Exception {
        assertDoesNotThrow(() -> check(attested("device"), fleet));
        assertDoesNotThrow(() -> check(attested("ofPlant"), fleet), "by an authority between");
        assertDoesNotThrow(() -> check(attested("ofPlant"), keys.certificate("elsewhere"), fleet), "by one of several");
        List<X509Certificate> withoutEnd = keys.chain("device").subList(0, 1);
        assertDoesNotThrow(
                () -> check(STATEMENT.attest(keys.attester("device", withoutEnd)), fleet), "the end need not be shown");
    }

    @Test
    void isSignedOverTheBytesOfTheContract() {
        Attester attester = (purpose, statement) -> {
            assertArrayEquals(
                    ("gatehouse terminal\0" + D + "\nAQID\n" + ASKER + "\n" + HOST + "\n")
                            .getBytes(StandardCharsets.UTF_8),
                    ("gatehouse " + purpose + "\0" + new String(statement, StandardCharsets.UTF_8))
                            .getBytes(StandardCharsets.UTF_8));
            return new Attester.Attestation(List.of(fleet), new byte[] {1});
        };
        assertTrue(STATEMENT.attest(attester).keySet().equals(Set.of("certificate", "signature")));
    }

    @Test
    void whatWasChangedOnTheWayIsFoundOut() throws Exception {
        Map<String, Object> said = attested("device");
        for (TerminalStatement other : List.of(
                new TerminalStatement(DeviceName.parse(D + "6"), "AQID", ASKER, HOST),
                new TerminalStatement(DEVICE, "AQIE", ASKER, HOST),
                new TerminalStatement(DEVICE, "AQID", ASKER + "2", HOST),
                new TerminalStatement(DEVICE, "AQID", ASKER, HOST + "2"))) {
            assertThrows(
                    CertificateException.class,
                    () -> other.check(Members.of(said), Set.of(fleet), NOW),
                    other::toString);
        }
        assertRefused(
                "by dwr/311-a1/00-11-22-33-44-55",
                with(said, "signature", attested("ofPlant").get("signature")));
        assertRefused("was not made for this answer", with(said, "signature", "AAAA"));
        assertRefused("no base64url", with(said, "signature", "=="));
    }

    @Test
    void deviceThatNoAuthorityOfTheFleetVouchesForIsNotBelieved() throws Exception {
        assertRefused("does not hold", attested("ofElsewhere"));
        assertRefused("does not hold", attested("ofDevice"));
        List<X509Certificate> withoutMiddle = List.of(keys.chain("ofPlant").get(0), fleet);
        assertRefused("does not hold", STATEMENT.attest(keys.attester("ofPlant", withoutMiddle)));
        CertificateException nobody = assertThrows(CertificateException.class, () -> check(attested("device")));
        assertTrue(nobody.getMessage().contains("no authority"), nobody::getMessage);
    }

    @Test
    void certificateForAnotherNameUseOrKindOfKeyIsNotBelieved() throws Exception {
        assertRefused("and not from " + D, attested("other"));
        assertRefused("not a device's", attested("broker"));
        assertRefused("none for ECDSA", attested("rsa"));
    }

    @Test
    void nothingIsBelievedBeforeOrAfterItsTime() throws Exception {
        for (Duration shift : List.of(Duration.ofDays(-1), Duration.ofDays(3))) { // by then the authority's own is over
            Clock clock = Clock.offset(NOW, shift);
            CertificateException refused = assertThrows(
                    CertificateException.class,
                    () -> STATEMENT.check(Members.of(attested("device")), Set.of(fleet), clock),
                    shift::toString);
            assertTrue(refused.getMessage().contains("does not hold"), refused::getMessage);
        }
        Clock later = Clock.offset(NOW, Duration.ofHours(36));
        assertDoesNotThrow(() -> STATEMENT.check(Members.of(attested("device")), Set.of(fleet), later));
        assertThrows(
                CertificateException.class,
                () -> STATEMENT.check(Members.of(attested("ofPlant")), Set.of(fleet), later),
                "the device's own is over");
    }

    @Test
    void whatIsNoAttestationIsRefused() throws Exception {
        Map<String, Object> said = attested("device");
        assertRefused("here are 0", with(said, "certificate", "none"));
        String pem = (String) said.get("certificate");
        assertRefused("here are 6", with(said, "certificate", pem.repeat(3)));
        assertRefused(
                "", with(said, "certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + pem));
        assertRefused(
                "is not PEM",
                with(said, "certificate", "-----BEGIN CERTIFICATE-----\nAAA=A\n-----END CERTIFICATE-----\n"));
        assertThrows(BadArgument.class, () -> check(Map.of(), fleet));
        assertThrows(BadArgument.class, () -> check(with(said, "signature", 7), fleet));
    }

    @Test
    void statementHasOneReadingOnly() {
        for (String key : List.of("", "a\nb", "a\r", "\0")) {
            assertThrows(IllegalArgumentException.class, () -> new TerminalStatement(DEVICE, "AQID", key, HOST));
            assertThrows(IllegalArgumentException.class, () -> new TerminalStatement(DEVICE, "AQID", ASKER, key));
        }
        assertThrows(IllegalArgumentException.class, () -> new TerminalStatement(DEVICE, "a\nb", ASKER, HOST));
    }

    private static Map<String, Object> attested(String alias) throws Exception {
        return STATEMENT.attest(keys.attester(alias, keys.chain(alias)));
    }

    private static Map<String, Object> with(Map<String, Object> members, String name, Object value) {
        Map<String, Object> changed = new HashMap<>(members);
        changed.put(name, value);
        return changed;
    }

    private static void check(Map<String, Object> attestation, X509Certificate... authorities)
            throws CertificateException {
        STATEMENT.check(Members.of(attestation), new ArrayList<>(List.of(authorities)), NOW);
    }

    private static void assertRefused(String why, Map<String, Object> attestation) {
        CertificateException refused = assertThrows(CertificateException.class, () -> check(attestation, fleet));
        assertTrue(refused.getMessage().contains(why), refused::getMessage);
    }
}
