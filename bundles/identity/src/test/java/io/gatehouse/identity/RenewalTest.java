package io.gatehouse.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Problem;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.protocol.DeviceName;
import io.gatehouse.protocol.enrollment.ClaimAnswer;
import io.gatehouse.protocol.enrollment.ClaimRequest;
import io.gatehouse.protocol.enrollment.Token;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenewalTest {
    private static final Instant BEGIN = Instant.parse("2026-06-01T12:00:00Z");
    private static final Duration YEAR = Duration.ofDays(365);
    private static final String DEVICE = "dwr/311-a1/7";

    @TempDir
    private Path state;

    private final ByHand time = new ByHand(BEGIN);
    private final Sent sent = new Sent();
    private final Offered offered = new Offered();
    private Authority authority;
    private Credentials credentials;
    private Renewal renewal;

    private static final class Sent implements Outbox {
        final List<Message> messages = new ArrayList<>();
        final List<Map<String, ?>> certificateEvents = new ArrayList<>();
        final List<Map<String, ?>> securityEvents = new ArrayList<>();

        @Override
        public void observation(String topic, Instant at, Map<String, ?> body, boolean alsoAtPlace) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void event(String name, Map<String, ?> body) {
            (name.equals("certificate") ? certificateEvents : securityEvents).add(body);
        }

        @Override
        public void report(String resource, Map<String, ?> body) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void send(Message message) {
            messages.add(message);
        }
    }

    @BeforeEach
    void isEnrolledForAYear() throws Exception {
        authority = new Authority(BEGIN.minus(Duration.ofDays(1)));
        Token token = Token.generate(
                DeviceName.parse(DEVICE),
                Optional.empty(),
                authority.fingerprint(),
                "A".repeat(43),
                new SecureRandom());
        Map<String, String> properties = Map.of("gatehouse.state", state.toString(), "gatehouse.token", token.write());
        credentials = new Credentials(
                new Credentials.Place(new Settings(name -> Optional.ofNullable(properties.get(name))), offered, BEGIN),
                time,
                time,
                time::nanos);
        renewal = new Renewal(credentials, sent, DEVICE, time);
        time.pass(Duration.ofDays(3));
        assertEquals(0, sent.messages.size(), "who is not enrolled renews nothing");
        time.set(BEGIN);
        credentials.accept(chain(BEGIN, YEAR).write());
        time.pass(Duration.ZERO);
    }

    @Test
    void asksWhenTwoThirdsAreOverByTheKeyThatItHas() throws Exception {
        time.pass(Duration.ofDays(243));
        assertEquals(0, sent.messages.size());
        time.pass(Duration.ofDays(19));
        assertTrue(sent.messages.size() >= 1);
        Message first = sent.messages.get(0);
        assertEquals(DEVICE + "/claim", first.topic());
        assertEquals(Optional.of(Duration.ofSeconds(60)), first.expiry());
        ClaimRequest request = ClaimRequest.read(first.payload());
        assertEquals(Optional.empty(), request.mac());
        assertEquals(
                credentials.inForce().orElseThrow().own().getPublicKey(),
                new JcaPKCS10CertificationRequest(request.request()).getPublicKey());
    }

    @Test
    void asksAgainAtGrowingIntervalsAndTellsAMonthAWeekAndADayBefore() {
        time.pass(Duration.ofDays(243 + 19));
        int untilThen = sent.messages.size();
        assertTrue(untilThen > 7 && untilThen < 90, "sent " + untilThen);
        assertEquals(List.of(), sent.certificateEvents);
        time.pass(YEAR.minusDays(243 + 19));
        assertTrue(sent.messages.size() - untilThen > 100, "four times a day");
        assertEquals(
                List.of(30L, 7L, 1L),
                sent.certificateEvents.stream()
                        .map(body -> Math.round((long) body.get("left") / 86_400.0))
                        .toList());
        assertEquals("ending", sent.certificateEvents.get(0).get("state"));
        assertEquals("2027-06-01T12:00:00.000Z", sent.certificateEvents.get(0).get("until"));
    }

    @Test
    void tellsWhatTheAuthoritySaid() {
        time.pass(Duration.ofDays(300));
        renewal.receive(answer(new ClaimAnswer.Refused(new Problem("unknown-key", "released"))));
        time.pass(Duration.ofDays(60));
        assertEquals("unknown-key: released", sent.certificateEvents.get(0).get("detail"));
    }

    @Test
    void showsTheNewCertificateAndBeginsToCountAnew() throws Exception {
        time.pass(Duration.ofDays(270));
        IssuedChain next = chain(time.instant(), YEAR);
        renewal.receive(answer(new ClaimAnswer.Issued(next.write())));
        time.pass(Duration.ZERO);
        assertEquals(next, credentials.inForce().orElseThrow());
        sent.messages.clear();
        time.pass(Duration.ofDays(240));
        assertEquals(0, sent.messages.size());
        time.pass(Duration.ofDays(30));
        assertNotEquals(0, sent.messages.size());
        assertEquals(List.of(), sent.certificateEvents);
    }

    @Test
    void reportsWhatIsNoCertificateForItAndChangesNothing() throws Exception {
        IssuedChain before = credentials.inForce().orElseThrow();
        Authority hostile = new Authority(BEGIN);
        IssuedChain foreign =
                hostile.device(before.own().getPublicKey(), DEVICE, BEGIN, BEGIN.plus(YEAR.multipliedBy(9)));
        for (int i = 0; i < 100; i++) {
            renewal.receive(answer(new ClaimAnswer.Issued(foreign.write())));
            renewal.receive(Message.json(DEVICE + "/claim/certificate", new byte[] {'{'}));
        }
        assertEquals(before, credentials.inForce().orElseThrow());
        assertEquals(1, sent.securityEvents.size(), "not each of them");
        assertEquals("bad-certificate", sent.securityEvents.get(0).get("type"));
        assertEquals(DEVICE + "/claim/certificate", sent.securityEvents.get(0).get("topic"));
    }

    @Test
    void waitsForTheTimeToBeKnown() {
        time.set(Instant.EPOCH);
        time.pass(Duration.ofDays(300));
        assertEquals(0, sent.messages.size());
        time.set(BEGIN.plus(Duration.ofDays(300)));
        time.pass(Duration.ofMinutes(2));
        assertNotEquals(0, sent.messages.size());
    }

    @Test
    void devicesThatWereEnrolledAtOnceDoNotRenewAtOnce() throws Exception {
        Duration mine = untilAsked(DEVICE);
        Duration others = untilAsked("dwr/311-a1/8");
        assertTrue(mine.minus(others).abs().compareTo(Duration.ofMinutes(1)) > 0, mine + " and " + others);
    }

    @Test
    void renewsACertificateOfHalfAMinuteInTime() throws Exception {
        time.pass(YEAR); // only a certificate that ends later is taken
        credentials.accept(chain(time.instant(), Duration.ofSeconds(30)).write());
        time.pass(Duration.ZERO);
        sent.messages.clear();
        time.pass(Duration.ofSeconds(19));
        assertEquals(0, sent.messages.size());
        time.pass(Duration.ofSeconds(6));
        assertTrue(sent.messages.size() >= 2, "asked " + sent.messages.size() + " times");
    }

    private Duration untilAsked(String device) {
        Sent others = new Sent();
        ByHand clock = time;
        Renewal another = new Renewal(credentials, others, device, clock);
        Instant start = clock.instant();
        while (others.messages.isEmpty()) {
            clock.pass(Duration.ofMinutes(1));
        }
        another.end();
        Duration passed = Duration.between(start, clock.instant());
        clock.set(start);
        return passed;
    }

    private Message answer(ClaimAnswer answer) {
        return Message.json(DEVICE + "/claim/certificate", answer.write());
    }

    private IssuedChain chain(Instant from, Duration life) throws Exception {
        var request = new JcaPKCS10CertificationRequest(credentials.signingRequest());
        return authority.device(request.getPublicKey(), DEVICE, from, from.plus(life));
    }
}
