package io.gatehouse.protocol.trust;

import static io.gatehouse.protocol.trust.Fleet.CORRELATION;
import static io.gatehouse.protocol.trust.Fleet.FEATURE;
import static io.gatehouse.protocol.trust.Fleet.NOW;
import static io.gatehouse.protocol.trust.Fleet.PAYLOAD;
import static io.gatehouse.protocol.trust.Fleet.REPLY;
import static io.gatehouse.protocol.trust.Fleet.TRUST;
import static io.gatehouse.protocol.trust.Fleet.at;
import static io.gatehouse.protocol.trust.Fleet.desired;
import static io.gatehouse.protocol.trust.Fleet.envelope;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Topic;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Whatever bytes come, the answer is a value, at once, and never a yes. */
final class HostileBytesTest {
    private static final int INPUTS = 20_000;
    /** Of the processor, as a machine that has other work says nothing of ours. */
    private static final Duration BOUND = Duration.ofSeconds(1);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Fleet fleet = new Fleet();

    @Test
    void everyFlippedByteOfASignatureIsRefused() {
        SignedMessage ping = fleet.ping();
        byte[] jws = ping.jws().get(0).getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at < jws.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                String flipped = new String(flipped(jws, at, bit), StandardCharsets.ISO_8859_1);
                assertRefused(fleet.admit(Fleet.command(Fleet.PING, PAYLOAD, flipped)), "jws, byte " + at);
            }
            String cut = new String(Arrays.copyOf(jws, at), StandardCharsets.US_ASCII);
            assertRefused(fleet.admit(Fleet.command(Fleet.PING, PAYLOAD, cut)), "jws, cut at " + at);
        }
    }

    @Test
    void everyFlippedByteOfAPayloadIsRefused() {
        String jws = fleet.ping().jws().get(0);
        for (int at = 0; at < PAYLOAD.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                SignedMessage message = Fleet.command(Fleet.PING, flipped(PAYLOAD, at, bit), jws);
                assertRefused(fleet.admit(message), "payload, byte " + at);
            }
            assertRefused(fleet.admit(Fleet.command(Fleet.PING, Arrays.copyOf(PAYLOAD, at), jws)), "cut at " + at);
        }
    }

    @Test
    void everyFlippedByteOfATopicIsRefused() {
        String jws = fleet.ping().jws().get(0);
        byte[] topic = Fleet.PING.toString().getBytes(StandardCharsets.UTF_8);
        int parsed = 0;
        for (int at = 0; at < topic.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                String text = new String(flipped(topic, at, bit), StandardCharsets.ISO_8859_1);
                Optional<Topic> flipped = Topic.parse(text);
                parsed += flipped.isPresent() ? 1 : 0;
                flipped.ifPresent(
                        other -> assertRefused(fleet.admit(Fleet.command(other, PAYLOAD, jws)), "topic " + text));
            }
        }
        assertTrue(parsed > topic.length, "most of them are topics: " + parsed);
    }

    @Test
    void everyFlippedByteOfAnIdentityAndAReplyTopicIsRefused() {
        String jws = fleet.ping().jws().get(0);
        for (int bit = 0; bit < 8; bit++) {
            for (int at = 0; at < CORRELATION.length; at++) {
                Optional<byte[]> correlation = Optional.of(flipped(CORRELATION, at, bit));
                assertRefused(
                        fleet.admit(
                                new SignedMessage(Fleet.PING, PAYLOAD, List.of(jws), correlation, Optional.of(REPLY))),
                        "correlation, byte " + at);
            }
            byte[] reply = REPLY.getBytes(StandardCharsets.US_ASCII);
            for (int at = 0; at < reply.length; at++) {
                Optional<String> other = Optional.of(new String(flipped(reply, at, bit), StandardCharsets.ISO_8859_1));
                assertRefused(
                        fleet.admit(
                                new SignedMessage(Fleet.PING, PAYLOAD, List.of(jws), Optional.of(CORRELATION), other)),
                        "reply, byte " + at);
            }
        }
    }

    @Test
    void everyFlippedByteOfATrustDocumentIsRefused() {
        byte[] payload = envelope(Fleet.document(8, Fleet.key(fleet.root, "dwr", Role.ROOT)));
        String jws = Fleet.sign(fleet.root, TRUST, NOW, payload);
        Trust none = new Trust(fleet.root.kid(), Optional.empty());
        for (int at = 0; at < payload.length; at++) {
            SignedMessage message = desired(TRUST, flipped(payload, at, at % 8), jws);
            assertRefused(fleet.admit(message), "payload, byte " + at);
            assertRefused(none.admit(message, at(NOW), Optional.empty()), "first payload, byte " + at);
        }
        assertInstanceOf(Admission.Accepted.class, fleet.admit(desired(TRUST, payload, jws)));
    }

    @Test
    void noSignatureTakesLongOrThrows() {
        Random random = new Random(3);
        byte[] good = fleet.ping().jws().get(0).getBytes(StandardCharsets.US_ASCII);
        Set<Admission.Reason> reasons = EnumSet.noneOf(Admission.Reason.class);
        for (int i = 0; i < INPUTS; i++) {
            String jws =
                    new String(i % 3 == 0 ? noise(random, 9000) : mutated(random, good), StandardCharsets.ISO_8859_1);
            SignedMessage message = Fleet.command(Fleet.PING, PAYLOAD, jws);
            reasons.add(withinBound(() -> fleet.admit(message)));
        }
        assertTrue(reasons.contains(Admission.Reason.MALFORMED), reasons.toString());
        assertTrue(reasons.contains(Admission.Reason.BAD_SIGNATURE), reasons.toString());
    }

    /** Headers that are read, as their base64url is mended: what they say is hostile, not how. */
    @Test
    void noHeaderTakesLongOrThrows() {
        Random random = new Random(5);
        String good = fleet.ping().jws().get(0);
        int dots = good.indexOf("..");
        byte[] header = Base64Url.decode(good.substring(0, dots)).orElseThrow();
        Set<Admission.Reason> reasons = EnumSet.noneOf(Admission.Reason.class);
        for (int i = 0; i < INPUTS; i++) {
            String jws = Base64Url.encode(mutated(random, header)) + good.substring(dots);
            SignedMessage message = Fleet.command(Fleet.PING, PAYLOAD, jws);
            reasons.add(withinBound(() -> fleet.admit(message)));
        }
        assertTrue(reasons.size() >= 5, reasons.toString());
    }

    @Test
    void noTrustDocumentTakesLongOrThrows() {
        Random random = new Random(7);
        Vendor acme = new Vendor("acme", Fleet.resource("acme-ca.pem"), List.of("com.acme.*"), Map.of());
        byte[] good = envelope(new TrustDocument(8, fleet.document.keys(), List.of(acme)));
        Trust none = new Trust(fleet.root.kid(), Optional.empty());
        String jws = Fleet.sign(fleet.root, TRUST, NOW, good);
        int read = 0;
        for (int i = 0; i < INPUTS; i++) {
            byte[] payload = i % 10 == 0 ? noise(random, 2000) : mutated(random, good);
            SignedMessage message = desired(TRUST, payload, jws);
            withinBound(() -> none.admit(message, at(NOW), Optional.empty()));
            try {
                TrustDocument.read(Json.readStrict(payload).object("spec"));
                read++;
            } catch (BadArgument e) {
                assertFalse(String.valueOf(e.getMessage()).isBlank());
            }
        }
        assertTrue(read > 0 && read < INPUTS, "some are documents, some are not: " + read);
    }

    @Test
    void whatIsBuiltToTakeLongTakesNotLong() {
        String nested = "{\"alg\":" + "[".repeat(5000) + "]".repeat(5000) + "}";
        String number =
                "{\"alg\":\"EdDSA\",\"b64\":false,\"crit\":[\"b64\"],\"kid\":\"k\",\"topic\":\"t\",\"iat\":1e999999999}";
        String manyMembers = "{" + "\"a\":1,".repeat(900) + "\"b\":1}";
        for (String header : List.of(nested, number, manyMembers)) {
            String jws =
                    Base64Url.encode(header.getBytes(StandardCharsets.UTF_8)) + ".." + Base64Url.encode(new byte[64]);
            SignedMessage message = desired(FEATURE, PAYLOAD, jws);
            assertEquals(Admission.Reason.MALFORMED, withinBound(() -> fleet.admit(message)));
        }
        byte[] large = new byte[256 * 1024];
        Arrays.fill(large, (byte) '[');
        SignedMessage message = Fleet.desired(fleet.root, TRUST, NOW, large);
        assertEquals(Admission.Reason.BAD_TRUST, withinBound(() -> fleet.admit(message)));
    }

    private static Admission.Reason withinBound(Supplier<Admission> admit) {
        long begin = THREADS.getCurrentThreadCpuTime();
        Admission admission = admit.get();
        Duration taken = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - begin);
        assertTrue(taken.compareTo(BOUND) < 0, "took " + taken);
        return assertInstanceOf(Admission.Refused.class, admission).reason();
    }

    private static void assertRefused(Admission admission, String what) {
        Admission.Refused refused = assertInstanceOf(Admission.Refused.class, admission, what);
        assertFalse(refused.detail().isBlank(), what);
    }

    private static byte[] flipped(byte[] bytes, int at, int bit) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << bit);
        return flipped;
    }

    /** One to four changes: a byte, a digit, a piece cut out, a piece doubled. At least one of them changes something. */
    private static byte[] mutated(Random random, byte[] good) {
        byte[] bytes = good;
        do {
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                bytes = changed(random, bytes);
            }
        } while (Arrays.equals(bytes, good));
        return bytes;
    }

    private static byte[] changed(Random random, byte[] bytes) {
        if (bytes.length == 0) {
            return noise(random, 10);
        }
        int at = random.nextInt(bytes.length);
        int end = Math.min(bytes.length, at + 1 + random.nextInt(20));
        byte[] copy = bytes.clone();
        switch (random.nextInt(4)) {
            case 0 -> copy[at] = (byte) random.nextInt();
            case 1 -> copy[at] = (byte) "0123456789\"{}[],:-.eE\\ ".charAt(random.nextInt(23));
            case 2 -> copy = joined(bytes, at, end);
            default -> copy = joined(bytes, end, at);
        }
        return copy;
    }

    /** The bytes before the one place, and those from the other on. */
    private static byte[] joined(byte[] bytes, int until, int from) {
        byte[] joined = Arrays.copyOf(bytes, until + bytes.length - from);
        System.arraycopy(bytes, from, joined, until, bytes.length - from);
        return joined;
    }

    private static byte[] noise(Random random, int longest) {
        byte[] noise = new byte[random.nextInt(longest)];
        random.nextBytes(noise);
        return noise;
    }
}
