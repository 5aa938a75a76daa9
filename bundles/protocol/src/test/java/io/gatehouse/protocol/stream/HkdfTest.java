package io.gatehouse.protocol.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** RFC 5869, appendix A. */
final class HkdfTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void testCase1() {
        assertEquals(
                "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
                derive("000102030405060708090a0b0c", "0b".repeat(22), "f0f1f2f3f4f5f6f7f8f9", 42));
    }

    @Test
    void testCase2WithLongerInputs() {
        assertEquals(
                "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                        + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                        + "cc30c58179ec3e87c14c01d5c1f3434f1d87",
                derive(counting(0x60), counting(0x00), counting(0xb0), 82));
    }

    @Test
    void testCase3WithoutSaltAndInfo() {
        assertEquals(
                "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
                derive("", "0b".repeat(22), "", 42));
    }

    @Test
    void givesNoMoreThan255Hashes() {
        byte[] none = new byte[0];
        assertEquals(255 * 32, Hkdf.derive(none, none, none, 255 * 32).length);
        assertThrows(IllegalArgumentException.class, () -> Hkdf.derive(none, none, none, 255 * 32 + 1));
    }

    private static String counting(int from) {
        byte[] bytes = new byte[80];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (from + i);
        }
        return HEX.formatHex(bytes);
    }

    private static String derive(String salt, String secret, String info, int length) {
        return HEX.formatHex(Hkdf.derive(HEX.parseHex(salt), HEX.parseHex(secret), HEX.parseHex(info), length));
    }
}
