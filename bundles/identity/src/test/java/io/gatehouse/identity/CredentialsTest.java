package io.gatehouse.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Problem;
import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing;
import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.enrollment.ClaimAnswer;
import io.gatehouse.protocol.enrollment.ClaimRequest;
import io.gatehouse.protocol.enrollment.Token;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a device comes to a certificate, and with whom it then speaks over real sockets. */
class CredentialsTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Instant LATER = NOW.plus(Duration.ofDays(365));
    private static final DeviceName DEVICE = DeviceName.parse("dwr/311-a1/7");
    private static final String ROOT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

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
        token = token();
    }

    @Test
    void offersNothingToADeviceThatIsToEnrollNowhere() {
        Credentials credentials = credentials();
        assertEquals(Optional.empty(), credentials.membership());
        assertEquals(List.of(), offered.story);
        assertFalse(Files.exists(state.resolve("identity")));
    }

    @Test
    void claimsInTheTokensNameAndShowsTheSecretToNobody() throws Exception {
        properties.put("gatehouse.token", token.write());
        properties.put("gatehouse.claim.broker", "ssl://broker:8884");
        Credentials credentials = credentials();
        assertEquals(Membership.of(token), credentials.membership().orElseThrow());
        Claiming claiming = offered.claiming();
        assertEquals(
                "ssl://broker:8884",
                offered.best(Endpoint.class).orElseThrow().properties().get("gatehouse.broker"));
        assertEquals(claiming, offered.best(Outgoing.class).orElseThrow().service());
        assertEquals("claim-" + token.id(), claiming.clientId());
        assertEquals(Duration.ZERO, claiming.sessionExpiry());
        assertEquals(List.of("claim/" + token.id() + "/certificate"), claiming.filters());
        assertEquals(Optional.empty(), claiming.online());
        assertEquals(Optional.empty(), claiming.will());
        Message claim = claiming.take().message();
        assertEquals("claim/" + token.id(), claim.topic());
        ClaimRequest request = ClaimRequest.read(claim.payload());
        assertEquals(Optional.of(token.mac(request.request())), request.mac());
        assertFalse(new String(claim.payload()).contains(token.secret()));
    }

    @Test
    void showsItsCertificateAsSoonAsItHasIt() throws Exception {
        properties.put("gatehouse.token", token.write());
        Credentials credentials = credentials();
        answer(issue(credentials, NOW, LATER));
        assertEquals(List.of("+SSLContext", "+Endpoint"), offered.story, "not in the middle of what brought it");
        time.pass(Duration.ZERO);
        assertEquals(
                List.of("+SSLContext", "+Endpoint", "+SSLContext", "-Endpoint", "-SSLContext", "+Attester"),
                offered.story);
        assertEquals("CN=" + DEVICE, speaksTo(broker(), offered.tls()));
    }

    @Test
    void isAMemberAfterARestartWithoutItsToken() throws Exception {
        enroll();
        properties.remove("gatehouse.token");
        Credentials again = credentials();
        assertEquals(Membership.of(token), again.membership().orElseThrow());
        assertEquals(Optional.empty(), offered.best(Endpoint.class));
        assertEquals("CN=" + DEVICE, speaksTo(broker(), offered.tls()));
    }

    @Test
    void doesNotClaimAgainWithATokenThatWasRedeemed() throws Exception {
        enroll();
        credentials();
        assertEquals(Optional.empty(), offered.best(Endpoint.class));
    }

    @Test
    void claimsAgainWithAnotherTokenAndTheSameKey() throws Exception {
        Credentials before = enroll();
        byte[] key = before.inForce().orElseThrow().own().getPublicKey().getEncoded();
        Token another = token();
        properties.remove("gatehouse.token");
        Files.writeString(state.resolve("identity/token"), another.write() + "\n");
        Credentials again = credentials();
        assertEquals("claim-" + another.id(), offered.claiming().clientId());
        assertEquals(Optional.empty(), again.inForce(), "who claims shows no certificate");
        answer(issue(again, NOW, LATER));
        assertArrayEquals(
                key, again.inForce().orElseThrow().own().getPublicKey().getEncoded());
    }

    @Test
    void takesADamagedCertificateForMissing() throws Exception {
        enroll().end();
        Files.writeString(state.resolve("identity/certificate.pem"), "-----BEGIN CERTIFICATE-----\nAAAA");
        Credentials damaged = credentials();
        assertEquals(Membership.of(token), damaged.membership().orElseThrow(), "it is who it was");
        assertEquals(Optional.empty(), damaged.inForce());
        assertEquals("nobody", speaksTo(broker(), offered.tls()));
        damaged.end();
        Files.writeString(state.resolve("identity/token"), token().write());
        properties.remove("gatehouse.token");
        Credentials again = credentials();
        answer(issue(again, NOW, LATER));
        time.pass(Duration.ZERO);
        assertEquals("CN=" + DEVICE, speaksTo(broker(), offered.tls()));
        assertEquals(again.inForce(), credentials().inForce(), "also after a restart");
    }

    @Test
    void goesOnClaimingWhateverElseIsAnswered() throws Exception {
        properties.put("gatehouse.token", token.write());
        Credentials credentials = credentials();
        Authority hostile = new Authority(NOW);
        DeviceKey key = new IdentityFolder(state.resolve("identity")).key();
        IssuedChain foreign = hostile.device(key.publicKey(), DEVICE.toString(), NOW, LATER);
        answer(new ClaimAnswer.Issued(foreign.write()));
        answer(new ClaimAnswer.Issued("nonsense"));
        answer(new ClaimAnswer.Refused(new Problem("used-token", "it was used")));
        offered.claiming().receive(Message.json(offered.claiming().filters().get(0), new byte[0]));
        time.pass(Duration.ofMinutes(1));
        assertEquals(List.of("+SSLContext", "+Endpoint"), offered.story);
        assertFalse(Files.exists(state.resolve("identity/certificate.pem")));
        answer(issue(credentials, NOW, LATER));
        assertTrue(credentials.inForce().isPresent());
    }

    @Test
    void doesNotGoBackToACertificateThatEndsEarlier() throws Exception {
        Credentials credentials = enroll();
        IssuedChain first = credentials.inForce().orElseThrow();
        IssuedChain next = chain(credentials, NOW, LATER.plusSeconds(60));
        credentials.accept(next.write());
        time.pass(Duration.ZERO);
        int told = offered.story.size();
        credentials.accept(first.write());
        credentials.accept(next.write());
        time.pass(Duration.ZERO);
        assertEquals(next, credentials.inForce().orElseThrow());
        assertEquals(told, offered.story.size());
        assertEquals(Optional.of(next), new IdentityFolder(state.resolve("identity")).certificate());
    }

    @Test
    void offersTheNewOneBeforeItWithdrawsTheOldOne() throws Exception {
        Credentials credentials = enroll();
        offered.story.clear();
        SSLContext before = offered.tls();
        credentials.accept(chain(credentials, NOW, LATER.plusSeconds(60)).write());
        time.pass(Duration.ZERO);
        assertEquals(List.of("+SSLContext", "-SSLContext"), offered.story);
        assertFalse(before == offered.tls());
    }

    @Test
    void knowsABrokerByTheTokensFingerprintWhereItShowsTheAuthority() throws Exception {
        properties.put("gatehouse.token", token.write());
        credentials();
        SSLContext broker = broker();
        assertEquals("nobody", speaksTo(broker, offered.tls()));
        SSLContext silent = authority.broker("localhost", NOW, LATER, false);
        assertTrue(refusal(silent).contains("its certificate file must end with it"), refusal(silent));
    }

    @Test
    void refusesABrokerOfAnotherAuthority() throws Exception {
        properties.put("gatehouse.token", token.write());
        credentials();
        SSLContext hostile = new Authority(NOW).broker("localhost", NOW, LATER, true);
        assertTrue(refusal(hostile).contains("does not show the certificate of the fleet's authority"));
        enroll();
        assertFalse(refusal(hostile).isEmpty());
    }

    @Test
    void refusesABrokerThatShowsADevicesCertificate() throws Exception {
        enroll();
        DeviceKey thief = DeviceKey.generate();
        IssuedChain own = authority.device(thief.publicKey(), "localhost", NOW, LATER);
        SSLContext hostile = authority.server(thief.privateKey(), own.own(), own.authority());
        assertTrue(refusal(hostile).contains("Extended key usage"), refusal(hostile));
    }

    @Test
    void refusesABrokerThatIsCalledOtherwise() throws Exception {
        enroll();
        SSLContext other = authority.broker("example.org", NOW, LATER, true);
        assertTrue(refusal(other).contains("localhost"), refusal(other));
    }

    @Test
    void speaksToItsBrokerAlsoInTheYearInWhichItWakesWithoutABattery() throws Exception {
        enroll();
        time.set(Instant.EPOCH);
        credentials();
        SSLContext newer = authority.broker("localhost", NOW.plus(Duration.ofDays(99)), LATER, true);
        assertEquals("CN=" + DEVICE, speaksTo(newer, offered.tls()));
        SSLContext ended = authority.broker("localhost", NOW.minusSeconds(9), NOW.minusSeconds(1), true);
        assertFalse(refusal(ended).isEmpty(), "it certainly ended before the device was enrolled");
    }

    @Test
    void refusesABrokersCertificateThatEnded() throws Exception {
        enroll();
        SSLContext ended = authority.broker("localhost", NOW.minusSeconds(9), NOW.minusSeconds(1), true);
        assertFalse(refusal(ended).isEmpty());
    }

    @Test
    void withdrawsEverythingAtItsEnd() throws Exception {
        Credentials credentials = enroll();
        credentials.end();
        assertEquals(0, offered.count());
        credentials.accept(chain(credentials, NOW, LATER.plusSeconds(60)).write());
        time.pass(Duration.ZERO);
        assertEquals(0, offered.count());
    }

    @Test
    void saysThatTheTokenIsNoneAndDoesNotShowIt() {
        properties.put("gatehouse.token", "c2VjcmV0");
        String message =
                assertThrows(IllegalStateException.class, this::credentials).getMessage();
        assertTrue(message.contains("gatehouse.token") && !message.contains("c2VjcmV0"), message);
    }

    private Token token() throws Exception {
        return Token.generate(DEVICE, Optional.empty(), authority.fingerprint(), ROOT, new SecureRandom());
    }

    private Credentials credentials() {
        Credentials.Place place = new Credentials.Place(
                new Settings(property -> Optional.ofNullable(properties.get(property))),
                offered,
                NOW.minus(Duration.ofDays(30)));
        return new Credentials(place, time, time, time::nanos);
    }

    /** A device that was enrolled. */
    private Credentials enroll() throws Exception {
        properties.put("gatehouse.token", token.write());
        Credentials credentials = credentials();
        answer(issue(credentials, NOW, LATER));
        time.pass(Duration.ZERO);
        return credentials;
    }

    private ClaimAnswer issue(Credentials credentials, Instant from, Instant until) throws Exception {
        return new ClaimAnswer.Issued(chain(credentials, from, until).write());
    }

    private IssuedChain chain(Credentials credentials, Instant from, Instant until) throws Exception {
        byte[] request = credentials.signingRequest();
        var read = new org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest(request);
        return authority.device(read.getPublicKey(), DEVICE.toString(), from, until);
    }

    private void answer(ClaimAnswer answer) {
        Claiming claiming = offered.claiming();
        claiming.receive(Message.json(claiming.filters().get(0), answer.write()));
    }

    private SSLContext broker() throws Exception {
        return authority.broker("localhost", NOW.minus(Duration.ofDays(1)), LATER, true);
    }

    private String refusal(SSLContext broker) {
        SSLException refusal = assertThrows(SSLException.class, () -> speaksTo(broker, offered.tls()));
        return String.valueOf(refusal.getMessage());
    }

    /** Speaks as the transport does; as whom the broker then knows the device. */
    private static String speaksTo(SSLContext broker, SSLContext device) throws Exception {
        try (SSLServerSocket listening = (SSLServerSocket)
                broker.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listening.setWantClientAuth(true);
            CompletableFuture<String> known = CompletableFuture.supplyAsync(() -> knownAs(listening));
            try (SSLSocket socket =
                    (SSLSocket) device.getSocketFactory().createSocket("localhost", listening.getLocalPort())) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setProtocols(new String[] {"TLSv1.3"});
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                assertEquals('!', socket.getInputStream().read());
                return known.get(10, TimeUnit.SECONDS);
            }
        }
    }

    private static String knownAs(SSLServerSocket listening) {
        try (SSLSocket accepted = (SSLSocket) listening.accept()) {
            accepted.startHandshake();
            accepted.getOutputStream().write('!');
            return accepted.getSession().getPeerPrincipal().getName();
        } catch (javax.net.ssl.SSLPeerUnverifiedException e) {
            return "nobody";
        } catch (IOException e) {
            return "refused: " + e;
        }
    }
}
