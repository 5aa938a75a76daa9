package io.gatehouse.protocol.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Base64Url;
import io.gatehouse.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8037 and RFC 7638. */
final class JwkTest {
    private static final String X = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    private static final String PUBLIC = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + X + "\"}";

    /** The key of RFC 8037, appendix A.1. */
    static SigningKey rfc8037Key() {
        byte[] d =
                Base64Url.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").orElseThrow();
        byte[] encoded = HexFormat.of()
                .parseHex("302e020100300506032b657004220420" + HexFormat.of().formatHex(d));
        try {
            return SigningKey.of(KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void computesThePublicKeyOfAppendixA2() {
        assertEquals(X, rfc8037Key().jwk().x());
    }

    @Test
    void computesTheThumbprintOfAppendixA3() {
        assertEquals("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", read(PUBLIC).thumbprint());
        assertEquals("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", rfc8037Key().kid());
    }

    @Test
    void isWrittenAsItWasRead() {
        assertEquals(PUBLIC, new String(Json.write(read(PUBLIC).write()), StandardCharsets.UTF_8));
    }

    @Test
    void memberThatIsNoPartOfTheKeyDoesNotChangeItsThumbprint() {
        Jwk jwk = read(PUBLIC.replace("{", "{\"use\":\"sig\",\"kid\":\"anna\","));
        assertEquals(read(PUBLIC), jwk);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                      | jwk.kty is missing",
                "{'kty':'EC','crv':'P-256'}              | jwk.kty must be OKP: EC",
                "{'kty':'oct','k':'AAAA'}                | jwk.kty must be OKP: oct",
                "{'kty':'OKP','crv':'X25519','x':'AAAA'} | jwk.crv must be Ed25519: X25519",
                "{'kty':'OKP','crv':'Ed448','x':'AAAA'}  | jwk.crv must be Ed25519: Ed448",
                "{'kty':'OKP','crv':'Ed25519'}           | jwk.x is missing",
                "{'kty':'OKP','crv':'Ed25519','x':'AAAA'} "
                        + "| jwk.x must be an Ed25519 public key, 32 bytes in base64url: AAAA",
                "{'kty':'OKP','crv':'Ed25519','x':'11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo='} | jwk.x must be an Ed25519"
                        + " public key, 32 bytes in base64url: 11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
            })
    void refusesWhatIsNoKeyOfOurs(String json, String why) {
        Members members = Members.of(
                "jwk",
                Json.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8))
                        .values());
        assertEquals(
                why, assertThrows(BadArgument.class, () -> Jwk.read(members)).getMessage());
    }

    @Test
    void refusesPrivateKeyThatSomebodyIsAboutToPublish() {
        String json = PUBLIC.replace("}", ",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\"}");
        String why =
                String.valueOf(assertThrows(BadArgument.class, () -> read(json)).getMessage());
        assertEquals("d must not be here: it is the private key; make a new one", why);
    }

    @Test
    void refusesKeyOfAnotherAlgorithm() throws GeneralSecurityException {
        PublicKey other = KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic();
        assertThrows(IllegalArgumentException.class, () -> Jwk.of(other));
        PublicKey larger =
                KeyPairGenerator.getInstance("Ed448").generateKeyPair().getPublic();
        assertThrows(IllegalArgumentException.class, () -> Jwk.of(larger));
    }

    /** Under each of these the JDK takes a signature that nobody needed a key for, for one message in eight at least. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0000000000000000000000000000000000000000000000000000000000000080",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"
            })
    void refusesKeyUnderWhichAnybodyCanSign(String hex) throws GeneralSecurityException {
        byte[] x = HexFormat.of().parseHex(hex);
        assertTrue(forged(x), "the danger is real");
        String encoded = Base64Url.encode(x);
        assertThrows(BadArgument.class, () -> new Jwk(encoded));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // 0, written in another way
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // 1
                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "0200000000000000000000000000000000000000000000000000000000000000" // no point of the curve
            })
    void refusesWhatIsNoPointInItsOneForm(String hex) {
        String encoded = Base64Url.encode(HexFormat.of().parseHex(hex));
        assertThrows(BadArgument.class, () -> new Jwk(encoded));
    }

    private static boolean forged(byte[] x) throws GeneralSecurityException {
        byte[] encoded = HexFormat.of()
                .parseHex("302a300506032b6570032100" + HexFormat.of().formatHex(x));
        PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        byte[] signature = new byte[64];
        signature[0] = 1; // R is the neutral point, S is 0
        for (int message = 0; message < 128; message++) {
            Signature algorithm = Signature.getInstance("Ed25519");
            algorithm.initVerify(key);
            algorithm.update((byte) message);
            if (algorithm.verify(signature)) {
                return true;
            }
        }
        return false;
    }

    private static Jwk read(String json) {
        return Jwk.read(Json.read(json.getBytes(StandardCharsets.UTF_8)));
    }
}
