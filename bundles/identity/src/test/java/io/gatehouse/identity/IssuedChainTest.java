package io.gatehouse.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.Pem;
import io.gatehouse.protocol.trust.ClockFloor;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IssuedChainTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Instant EARLIER = NOW.minus(Duration.ofDays(1));
    private static final Instant LATER = NOW.plus(Duration.ofDays(365));
    private static final DeviceName DEVICE = DeviceName.parse("dwr/311-a1/7");
    private static final ClockFloor.Time TIME = new ClockFloor.Time(NOW, NOW);

    private final DeviceKey key = DeviceKey.generate();
    private Authority authority;

    @BeforeEach
    void thereIsAnAuthority() throws Exception {
        authority = new Authority(EARLIER);
    }

    @Test
    void isReadAsItWasWritten() throws Exception {
        IssuedChain chain = chain(DEVICE.toString());
        assertEquals(chain, IssuedChain.read(chain.write()));
    }

    @Test
    void takesACertificateForItselfOfItsAuthority() throws Exception {
        check(chain(DEVICE.toString()), TIME);
    }

    @Test
    void refusesACertificateOfAnotherAuthorityThatIsCalledTheSame() throws Exception {
        Authority other = new Authority(EARLIER);
        IssuedChain foreign = other.device(key.publicKey(), DEVICE.toString(), EARLIER, LATER);
        assertTrue(refusal(foreign, TIME).contains("which is not the fleet's authority"));
        IssuedChain mixed = new IssuedChain(List.of(foreign.own(), authority.certificate));
        assertTrue(refusal(mixed, TIME).contains("does not hold"), refusal(mixed, TIME));
    }

    @Test
    void refusesACertificateThatAnotherDeviceSignedAsIfItWereAnAuthority() throws Exception {
        DeviceKey thief = DeviceKey.generate();
        X509Certificate thiefs =
                authority.issue("CN=Fleet", thief.publicKey(), EARLIER, LATER, false, KeyPurposeId.id_kp_clientAuth);
        Authority pretended = new Authority(EARLIER);
        X509Certificate made =
                pretended.issue("CN=" + DEVICE, key.publicKey(), EARLIER, LATER, false, KeyPurposeId.id_kp_clientAuth);
        IssuedChain chain = new IssuedChain(List.of(made, thiefs, authority.certificate));
        assertTrue(refusal(chain, TIME).contains("does not hold"));
    }

    @Test
    void refusesACertificateForAnotherKey() throws Exception {
        IssuedChain others = authority.device(DeviceKey.generate().publicKey(), DEVICE.toString(), EARLIER, LATER);
        assertTrue(refusal(others, TIME).contains("another key"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dwr/311-a1/8", "dwr/311-A1/7", "dwr/311-a1/7,O=x", "dwr/311-a1/7/"})
    void refusesACertificateForAnotherName(String name) throws Exception {
        assertTrue(refusal(chain(name), TIME).contains("and this is dwr/311-a1/7"));
    }

    @Test
    void refusesACertificateOfABroker() throws Exception {
        X509Certificate brokers =
                authority.issue("CN=" + DEVICE, key.publicKey(), EARLIER, LATER, false, KeyPurposeId.id_kp_serverAuth);
        assertTrue(refusal(new IssuedChain(List.of(brokers, authority.certificate)), TIME)
                .contains("not for clients"));
    }

    @Test
    void refusesACertificateThatEndedOrDidNotBegin() throws Exception {
        IssuedChain ended = authority.device(key.publicKey(), DEVICE.toString(), EARLIER, NOW.minusSeconds(1));
        assertTrue(refusal(ended, TIME).contains("does not hold"));
        IssuedChain early = authority.device(key.publicKey(), DEVICE.toString(), NOW.plusSeconds(1), LATER);
        assertTrue(refusal(early, TIME).contains("does not hold"));
    }

    @Test
    void takesOnADeviceThatDoesNotKnowTheTimeWhatDidNotCertainlyEnd() throws Exception {
        ClockFloor.Time unknown =
                new ClockFloor(NOW).time(java.time.Clock.fixed(Instant.EPOCH, java.time.ZoneOffset.UTC));
        check(authority.device(key.publicKey(), DEVICE.toString(), NOW.plus(Duration.ofDays(9)), LATER), unknown);
        IssuedChain ended = authority.device(key.publicKey(), DEVICE.toString(), EARLIER, NOW.minusSeconds(1));
        assertTrue(refusal(ended, unknown).contains("does not hold"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
    void refusesWhatIsNoChain(String pem) {
        assertThrows(CertificateException.class, () -> IssuedChain.read(pem));
        assertThrows(CertificateException.class, () -> IssuedChain.read(pem + pem));
    }

    @Test
    void refusesAChainThatIsTooLong() throws Exception {
        String one = Pem.write(Pem.CERTIFICATE, authority.certificate.getEncoded());
        assertThrows(CertificateException.class, () -> IssuedChain.read(one));
        assertThrows(CertificateException.class, () -> IssuedChain.read(one.repeat(6)));
    }

    private IssuedChain chain(String name) throws Exception {
        return authority.device(key.publicKey(), name, EARLIER, LATER);
    }

    private void check(IssuedChain chain, ClockFloor.Time time) throws Exception {
        chain.check(key.publicKey(), DEVICE, authority.fingerprint(), time);
    }

    private String refusal(IssuedChain chain, ClockFloor.Time time) {
        return assertThrows(CertificateException.class, () -> check(chain, time))
                .getMessage();
    }
}
