package io.gatehouse.protocol.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.protocol.Base64Url;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 7519, RFC 7515 and RFC 8037. */
final class JwtTest {
    private static final SigningKey KEY = JwkTest.rfc8037Key();
    private static final Jwt.Type TYPE = new Jwt.Type("test+jwt", 8192);
    /** As python3-cryptography signs this header, these claims, by this key. */
    private static final String SIGNED_ELSEWHERE =
            "eyJhbGciOiJFZERTQSIsImtpZCI6ImtQcktfcW14VldhWVZBOXd3QkY2SXVvM3ZWeno3VHhIQ1R3WEJ5Z3JTNGsiLCJ0eXAiOiJ0ZXN0K2p3dCJ9"
                    + ".eyJqdGkiOiJyYWluLTEiLCJuYW1lIjoiw6QifQ."
                    + "QqNMSw0RVc2WN5XZFLiY2aqeN1QqCFtiAVpPCwJdsZNPjPPJR1OkJQPWVPnB1Nv8piWQMJ-FBsHy55VcsoJbAA";

    private final Map<String, Object> claims = new LinkedHashMap<>();

    JwtTest() {
        claims.put("jti", "rain-1");
        claims.put("name", "ä");
    }

    @Test
    void signsWhatAnotherImplementationSigns() throws Exception {
        assertEquals(SIGNED_ELSEWHERE, Jwt.sign(KEY, TYPE, claims));
    }

    @Test
    void readsWhatAnotherImplementationSigned() {
        Jwt jwt = Jwt.read(SIGNED_ELSEWHERE, TYPE);
        assertEquals(KEY.kid(), jwt.kid());
        assertEquals(claims, jwt.claims().values());
        assertTrue(jwt.isSignedBy(KEY.jwk()));
        assertFalse(jwt.isSignedBy(SigningKey.generate().jwk()));
    }

    @Test
    void oneChangedClaimOrHeaderBreaksTheSignature() {
        String[] parts = SIGNED_ELSEWHERE.split("\\.");
        String other = encode("{\"jti\":\"rain-2\",\"name\":\"ä\"}");
        assertFalse(Jwt.read(parts[0] + "." + other + "." + parts[2], TYPE).isSignedBy(KEY.jwk()));
        String header =
                encode("{\"alg\":\"EdDSA\",\"kid\":\"" + KEY.kid() + "\",\"typ\":\"" + TYPE.word() + "\",\"x\":1}");
        assertFalse(Jwt.read(header + "." + parts[1] + "." + parts[2], TYPE).isSignedBy(KEY.jwk()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'kid':'k','typ':'test+jwt'}                             | header.alg is missing",
                "{'alg':'none','kid':'k','typ':'test+jwt'}                | header.alg must be EdDSA: none",
                "{'alg':'HS256','kid':'k','typ':'test+jwt'}               | header.alg must be EdDSA: HS256",
                "{'alg':'EdDSA','kid':'k','typ':'JWT'}                    | header.typ must be test+jwt: JWT",
                "{'alg':'EdDSA','kid':'k'}                                | header.typ is missing",
                "{'alg':'EdDSA','typ':'test+jwt'}                         | header.kid is missing",
                "{'alg':'EdDSA','kid':7,'typ':'test+jwt'}                 | header.kid must be a string: 7",
                "{'alg':'EdDSA','typ':'test+jwt','kid':'k','crit':['b64']} | header.crit must be absent: it names what is not known here: [b64]",
                "{'alg':'EdDSA','alg':'none','kid':'k','typ':'test+jwt'}  | header: payload has two members \"alg\"",
            })
    void refusesHeaderThatSaysSomethingElse(String header, String why) {
        String[] parts = SIGNED_ELSEWHERE.split("\\.");
        assertEquals(why, refused(encode(header.replace('\'', '"')) + "." + parts[1] + "." + parts[2]));
    }

    @Test
    void refusesWhatIsNoToken() {
        assertEquals("it must be a compact JWS, <header>.<claims>.<signature>: it has 1 of these parts", refused(""));
        String[] parts = SIGNED_ELSEWHERE.split("\\.");
        assertTrue(refused(SIGNED_ELSEWHERE + ".").startsWith("it must be a compact JWS"));
        assertEquals("its header part is not base64url without padding", refused("e30=.e30." + parts[2]));
        assertEquals("its claims part is not base64url without padding", refused(parts[0] + ".!." + parts[2]));
        assertEquals("its signature is not 64 bytes in base64url without padding", refused(parts[0] + ".e30.e30"));
        assertTrue(refused("a".repeat(TYPE.longest() + 1)).startsWith("it has 8193 characters"));
    }

    @Test
    void signsNothingThatNobodyWouldTake() {
        claims.put("name", "x".repeat(TYPE.longest()));
        assertThrows(IllegalArgumentException.class, () -> Jwt.sign(KEY, TYPE, claims));
    }

    /** A token may hold another key under the name of this one. */
    @Test
    void findsOutASignerThatSignsByAnotherKey() {
        SigningKey other = SigningKey.generate();
        Jwt.Signer liar = new Jwt.Signer() {
            @Override
            public Jwk jwk() {
                return KEY.jwk();
            }

            @Override
            public byte[] sign(byte[] message) {
                return other.sign(message);
            }
        };
        IOException e = assertThrows(IOException.class, () -> Jwt.sign(liar, TYPE, claims));
        assertTrue(String.valueOf(e.getMessage()).contains(KEY.kid()), e.getMessage());
    }

    private static String refused(String compact) {
        return String.valueOf(
                assertThrows(BadArgument.class, () -> Jwt.read(compact, TYPE)).getMessage());
    }

    private static String encode(String json) {
        return Base64Url.encode(json.getBytes(StandardCharsets.UTF_8));
    }
}
