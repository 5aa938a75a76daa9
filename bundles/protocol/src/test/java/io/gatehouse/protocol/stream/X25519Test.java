package io.gatehouse.protocol.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.protocol.Base64Url;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7748, sections 5.2 and 6.1. */
final class X25519Test {
    private static final HexFormat HEX = HexFormat.of();
    private static final String NINE = "09" + "00".repeat(31);

    @Test
    void agreesAsTheVectorsOfSection52() throws GeneralSecurityException {
        assertEquals(
                "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
                agree(
                        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
                        "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"));
        assertEquals(
                "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
                agree(
                        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
                        "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493"));
    }

    @Test
    void agreesAsTheIteratedVectorOfSection52() throws GeneralSecurityException {
        String scalar = NINE;
        String u = NINE;
        for (int i = 1; i <= 1000; i++) {
            String result = agree(scalar, u);
            u = scalar;
            scalar = result;
            if (i == 1) {
                assertEquals("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079", scalar);
            }
        }
        assertEquals("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51", scalar);
    }

    @Test
    void agreesAsTheVectorsOfSection61() throws GeneralSecurityException {
        String alice = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
        String bob = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
        String alicesPublic = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
        String bobsPublic = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";
        assertEquals(alicesPublic, agree(alice, NINE));
        assertEquals(bobsPublic, agree(bob, NINE));
        String shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
        assertEquals(shared, agree(alice, bobsPublic));
        assertEquals(shared, agree(bob, alicesPublic));
    }

    @Test
    void publicKeyIsTheBasePointsMultiple() throws GeneralSecurityException {
        for (int i = 0; i < 300; i++) { // one of 256 has a zero byte at its high end
            KeyPair pair = X25519.generate();
            assertEquals(
                    HEX.formatHex(X25519.agree(pair.getPrivate(), HEX.parseHex(NINE))),
                    HEX.formatHex(X25519.bytes(pair.getPublic())));
        }
    }

    /** The points of low order, and what is the same modulo the prime. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "0000000000000000000000000000000000000000000000000000000000000080",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            })
    void agreesOnNothingWithAPointOfLowOrder(String point) {
        PrivateKey own = X25519.generate().getPrivate();
        InvalidKeyException refused =
                assertThrows(InvalidKeyException.class, () -> X25519.agree(own, HEX.parseHex(point)));
        assertTrue(refused.getMessage().contains("agrees on nothing secret"), refused::getMessage);
    }

    @Test
    void keyIs32BytesInBase64Url() throws InvalidKeyException {
        String key = Base64Url.encode(HEX.parseHex(NINE));
        assertEquals(NINE, HEX.formatHex(X25519.read(key)));
        for (String none : new String[] {"", key + "=", key.substring(1), key + "AA", "!" + key.substring(1)}) {
            assertThrows(InvalidKeyException.class, () -> X25519.read(none), none);
        }
    }

    private static String agree(String scalar, String u) throws GeneralSecurityException {
        PrivateKey key = KeyFactory.getInstance("X25519")
                .generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, HEX.parseHex(scalar)));
        return HEX.formatHex(X25519.agree(key, HEX.parseHex(u)));
    }
}
