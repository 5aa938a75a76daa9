package io.gatehouse.protocol.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.Topic;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7515 (appendix F), RFC 7797 and RFC 8037. */
final class JwsTest {
    private static final SigningKey KEY = JwkTest.rfc8037Key();
    private static final byte[] PAYLOAD = "$.02".getBytes(StandardCharsets.US_ASCII);
    private static final String PLAIN = "{\"alg\":\"EdDSA\",\"b64\":false,\"crit\":[\"b64\"]}";
    /** As python3-cryptography signs this header, this key and this payload. */
    private static final String SIGNED_ELSEWHERE = "eyJhbGciOiJFZERTQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.."
            + "dUgaQM5Itiwy7VtaI9r8djzNzKCMtBXXCHBLPTQN-L6w8_ob1L1K8szoBgLY6tyXTTKCh2lxzzU-kv5TmOClCA";

    @Test
    void signsAsInAppendixA4OfRfc8037() throws InvalidKeyException {
        byte[] input = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc".getBytes(StandardCharsets.US_ASCII);
        byte[] signature = Ed25519.sign(KEY.privateKey(), input);
        assertEquals(
                "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
                Base64Url.encode(signature));
        assertTrue(Ed25519.verify(KEY.jwk().publicKey(), input, signature), "appendix A.5");
    }

    @Test
    void signsWhatAnotherImplementationSigns() {
        assertEquals(SIGNED_ELSEWHERE, Jws.sign(KEY.privateKey(), Map.of(), PAYLOAD));
        ProtectedHeader header = ProtectedHeader.command(
                KEY.kid(),
                new Topic.Command("dwr/311-a1", "ping"),
                Instant.ofEpochSecond(1767225600),
                Duration.ofHours(1),
                new byte[] {1, 2, 3},
                Optional.of("reply/anna"));
        assertEquals(
                "eyJhbGciOiJFZERTQSIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il0sImtpZCI6ImtQcktfcW14VldhWVZBOXd3QkY2SXVvM3ZWeno3"
                        + "VHhIQ1R3WEJ5Z3JTNGsiLCJ0b3BpYyI6ImR3ci8zMTEtYTEvY21kL3BpbmciLCJpYXQiOjE3NjcyMjU2MDAsImV4cCI6MTc2"
                        + "NzIyOTIwMCwianRpIjoiQVFJRCIsInJlcGx5IjoicmVwbHkvYW5uYSJ9..urGG43fJKyolfHohIfKS-pWNib4iTzD0kd56B0A"
                        + "Rv55WHNIoChp_xF-AGkuRve41mugm2FIGhUPe-sKlB3-TDQ",
                KEY.sign(header, "{\"host\":\"ä\"}".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void readsWhatAnotherImplementationSigned() {
        Jws jws = Jws.read(SIGNED_ELSEWHERE);
        assertTrue(jws.isSignedBy(KEY.jwk(), PAYLOAD));
        assertFalse(jws.isSignedBy(KEY.jwk(), new byte[0]));
        assertFalse(jws.isSignedBy(SigningKey.generate().jwk(), PAYLOAD));
    }

    /** The example of RFC 7797, section 4.2: of our form, and of another algorithm. */
    @Test
    void refusesTheExampleOfRfc7797ByTheNameOfItsAlgorithm() {
        assertEquals(
                "jws: its header: alg must be EdDSA: HS256",
                refused(
                        "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"none", "None", "HS256", "HS512", "ES256", "RS256", "PS256", "Ed25519", "eddsa", "EdDSA ", ""})
    void refusesEveryOtherAlgorithmByName(String alg) {
        assertEquals(
                "jws: its header: alg must be EdDSA: " + alg,
                refused(with(PLAIN.replace("\"EdDSA\"", "\"" + alg + "\""))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'b64':false,'crit':['b64']}                          | alg is missing",
                "{'alg':7,'b64':false,'crit':['b64']}                  | alg must be a string: 7",
                "{'alg':'EdDSA','b64':false}                           | crit must be [\"b64\"]: absent",
                "{'alg':'EdDSA','b64':false,'crit':[]}                 | crit must be [\"b64\"]: []",
                "{'alg':'EdDSA','b64':false,'crit':'b64'}              | crit must be [\"b64\"]: b64",
                "{'alg':'EdDSA','b64':false,'crit':['b64','b64']}      | crit must be [\"b64\"]: [b64, b64]",
                "{'alg':'EdDSA','b64':false,'crit':['b64','exp'],'exp':1} | crit must be [\"b64\"]: [b64, exp]",
                "{'alg':'EdDSA','b64':false,'crit':['gatehouse'],'gatehouse':1} | crit must be [\"b64\"]: [gatehouse]",
                "{'alg':'EdDSA','crit':['b64']}                        | b64 must be false: absent",
                "{'alg':'EdDSA','b64':true,'crit':['b64']}             | b64 must be false: true",
                "{'alg':'EdDSA','b64':'false','crit':['b64']}          | b64 must be false: false",
                "{'alg':'none','alg':'EdDSA','b64':false,'crit':['b64']} | payload has two members \"alg\"",
                "{'alg':'EdDSA','b64':false,'crit':['b64'],'x':{'a':1,'a':2}} | payload has two members \"a\"",
            })
    void refusesHeaderThatDoesNotSayWhatIsDone(String header, String why) {
        assertEquals("jws: its header: " + why, refused(with(header.replace('\'', '"'))));
    }

    @Test
    void signsNothingThatItWouldNotRead() {
        for (String own : new String[] {"alg", "b64", "crit"}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Jws.sign(KEY.privateKey(), Map.of(own, "EdDSA"), PAYLOAD),
                    own);
        }
        Map<String, String> tooLong = Map.of("topic", "x".repeat(Jws.LONGEST));
        assertThrows(IllegalArgumentException.class, () -> Jws.sign(KEY.privateKey(), tooLong, PAYLOAD));
    }

    @Test
    void takesOneTextForOneSignature() {
        int last = SIGNED_ELSEWHERE.length() - 1;
        for (String other : new String[] {
            SIGNED_ELSEWHERE + "=",
            SIGNED_ELSEWHERE + "==",
            SIGNED_ELSEWHERE + "\n",
            " " + SIGNED_ELSEWHERE,
            SIGNED_ELSEWHERE.replace("..", "=.."),
            SIGNED_ELSEWHERE.replace('-', '+'),
            SIGNED_ELSEWHERE.substring(0, last), // 86 characters carry 4 bits more than 64 bytes
            SIGNED_ELSEWHERE.substring(0, last) + "R",
            SIGNED_ELSEWHERE.substring(0, last) + "ä"
        }) {
            assertThrows(BadArgument.class, () -> Jws.read(other), other);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "...", "a", "a.b", "a.b.c", "a...b", "..b", "a..", "a..b..c", "a..b.c"})
    void refusesWhatIsNotDetached(String text) {
        assertTrue(refused(text).startsWith("jws"), text);
    }

    @Test
    void refusesPayloadThatIsAttached() {
        String attached = SIGNED_ELSEWHERE.replace("..", "." + Base64Url.encode(PAYLOAD) + ".");
        assertTrue(refused(attached).startsWith("jws must be detached, <header>..<signature>"), attached);
    }

    @Test
    void refusesWhatIsTooLongUnread() {
        String header =
                Base64Url.encode(("{\"x\":\"" + "x".repeat(Jws.LONGEST) + "\"}").getBytes(StandardCharsets.UTF_8));
        assertEquals(
                "jws has " + (header.length() + 88) + " characters, and at most 8192 are taken",
                refused(header + ".." + Base64Url.encode(new byte[64])));
    }

    /** Who has seen one signature must not be able to make another of it: S + L signs as S does where nobody looks. */
    @Test
    void refusesSignatureThatWasMadeOfAnother() {
        byte[] signature =
                Base64.getUrlDecoder().decode(SIGNED_ELSEWHERE.substring(SIGNED_ELSEWHERE.indexOf("..") + 2));
        byte[] other = signature.clone();
        BigInteger order =
                new BigInteger("7237005577332262213973186563042994240857116359379907606001950938285454250989");
        byte[] s = reversed(new BigInteger(1, reversed(Arrays.copyOfRange(signature, 32, 64)))
                .add(order)
                .toByteArray());
        System.arraycopy(s, 0, other, 32, 32);
        assertNotEquals(Base64Url.encode(signature), Base64Url.encode(other));
        String jws = SIGNED_ELSEWHERE.substring(0, SIGNED_ELSEWHERE.indexOf("..") + 2) + Base64Url.encode(other);
        assertFalse(Jws.read(jws).isSignedBy(KEY.jwk(), PAYLOAD));
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    /** With this header, and a signature that is well-formed. */
    private static String with(String header) {
        return Base64Url.encode(header.getBytes(StandardCharsets.UTF_8)) + ".." + Base64Url.encode(new byte[64]);
    }

    private static String refused(String jws) {
        return String.valueOf(
                assertThrows(BadArgument.class, () -> Jws.read(jws)).getMessage());
    }
}
