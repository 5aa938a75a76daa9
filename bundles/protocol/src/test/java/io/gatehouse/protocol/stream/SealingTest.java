package io.gatehouse.protocol.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

final class SealingTest {
    private static final String ID = "Zk3";
    private static final byte[] CONTENT = "uname -a\r".getBytes(StandardCharsets.US_ASCII);

    private final StreamKey operators = StreamKey.generate();
    private final StreamKey devices = StreamKey.generate();

    @Test
    void eachSideOpensWhatTheOtherSealed() throws InvalidKeyException {
        Sealing operator = operators.withDevice(ID, devices.publicKey());
        Sealing device = devices.withOperator(ID, operators.publicKey());
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(CONTENT, device.open(operator.seal(CONTENT)).orElseThrow());
            assertArrayEquals(CONTENT, operator.open(device.seal(CONTENT)).orElseThrow());
        }
        assertArrayEquals(
                new byte[0], operator.open(device.seal(new byte[0])).orElseThrow(), "nothing may be sealed, too");
    }

    /** Each step of docs/protocol.md, with the JDK's means alone. */
    @Test
    void frameIsWhatTheContractSays() throws GeneralSecurityException {
        KeyPair operatorsPair = X25519.generate();
        StreamKey operator = new StreamKey(operatorsPair);
        KeyPair devicesPair = X25519.generate();
        StreamKey device = new StreamKey(devicesPair);
        byte[] toDevice = operator.withDevice(ID, device.publicKey()).seal(CONTENT);
        byte[] fromDevice = device.withOperator(ID, operator.publicKey()).seal(CONTENT);

        KeyAgreement agreement = KeyAgreement.getInstance("XDH");
        agreement.init(operatorsPair.getPrivate());
        agreement.doPhase(devicesPair.getPublic(), true);
        byte[] extracted = hmac(ID.getBytes(StandardCharsets.UTF_8), agreement.generateSecret());
        byte[] publicKeys = ByteBuffer.allocate(64)
                .put(X25519.bytes(operatorsPair.getPublic()))
                .put(X25519.bytes(devicesPair.getPublic()))
                .array();
        assertArrayEquals(toDevice, frame(extracted, publicKeys, "in"));
        assertArrayEquals(fromDevice, frame(extracted, publicKeys, "out"));
    }

    private static byte[] frame(byte[] extracted, byte[] publicKeys, String way) throws GeneralSecurityException {
        byte[] name = ("gatehouse stream " + way).getBytes(StandardCharsets.US_ASCII);
        byte[] info = ByteBuffer.allocate(name.length + 1 + publicKeys.length + 1)
                .put(name)
                .put((byte) 0)
                .put(publicKeys)
                .put((byte) 1) // the number of HKDF's block
                .array();
        byte[] first = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.ENCRYPT_MODE, new SecretKeySpec(hmac(extracted, info), "AES"), new GCMParameterSpec(128, first));
        cipher.updateAAD(way.getBytes(StandardCharsets.US_ASCII));
        byte[] sealed = cipher.doFinal(CONTENT);
        return ByteBuffer.allocate(8 + sealed.length).putLong(1).put(sealed).array();
    }

    private static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(message);
    }

    @Test
    void everyFlippedBitIsFoundOut() throws InvalidKeyException {
        Sealing operator = operators.withDevice(ID, devices.publicKey());
        Sealing device = devices.withOperator(ID, operators.publicKey());
        byte[] frame = operator.seal(CONTENT);
        for (int bit = 0; bit < 8 * frame.length; bit++) {
            byte[] flipped = frame.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertTrue(device.open(flipped).isEmpty(), "bit " + bit);
        }
        for (int length = 0; length < frame.length; length++) {
            assertTrue(device.open(Arrays.copyOf(frame, length)).isEmpty(), "cut to " + length);
        }
        assertTrue(device.open(Arrays.copyOf(frame, frame.length + 1)).isEmpty());
        assertTrue(device.open(frame).isPresent(), "and it is good after all this");
    }

    @Test
    void frameThatCameIsNotTakenAgainNorOneThatWasMadeBefore() throws InvalidKeyException {
        Sealing operator = operators.withDevice(ID, devices.publicKey());
        Sealing device = devices.withOperator(ID, operators.publicKey());
        byte[] first = operator.seal(CONTENT);
        byte[] second = operator.seal(CONTENT);
        assertTrue(device.open(second).isPresent());
        assertTrue(device.open(second).isEmpty());
        assertTrue(device.open(first).isEmpty());
    }

    @Test
    void frameOfTheOtherWayIsNotTaken() throws InvalidKeyException {
        Sealing operator = operators.withDevice(ID, devices.publicKey());
        Sealing device = devices.withOperator(ID, operators.publicKey());
        assertTrue(operator.open(operator.seal(CONTENT)).isEmpty());
        assertTrue(device.open(device.seal(CONTENT)).isEmpty());
    }

    @Test
    void associatedDataAloneTellsTheWaysApart() {
        byte[] same = new byte[32];
        byte[] frame = new Sealing(Side.OPERATOR, same, same).seal(CONTENT);
        assertTrue(new Sealing(Side.OPERATOR, same, same).open(frame).isEmpty());
        assertTrue(new Sealing(Side.DEVICE, same, same).open(frame).isPresent());
    }

    @Test
    void frameOfAnotherStreamIsNotTaken() throws InvalidKeyException {
        byte[] frame = operators.withDevice("other", devices.publicKey()).seal(CONTENT);
        assertTrue(devices.withOperator(ID, operators.publicKey()).open(frame).isEmpty());
    }

    @Test
    void noCounterIsUsedTwice() throws InvalidKeyException {
        Sealing operator = operators.withDevice(ID, devices.publicKey());
        List<Long> counters = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            counters.add(ByteBuffer.wrap(operator.seal(CONTENT)).getLong());
        }
        for (int i = 0; i < counters.size(); i++) {
            assertEquals(i + 1, counters.get(i));
        }
        assertThrows(IllegalStateException.class, () -> operators.withDevice(ID, devices.publicKey()));
        assertThrows(IllegalStateException.class, () -> operators.withDevice("other", devices.publicKey()));
        assertThrows(IllegalStateException.class, () -> operators.withOperator(ID, devices.publicKey()));
    }

    @Test
    void keyThatIsRefusedDoesNotUseUpOwn() throws InvalidKeyException {
        assertThrows(InvalidKeyException.class, () -> operators.withDevice(ID, "A".repeat(43)));
        assertThrows(InvalidKeyException.class, () -> operators.withDevice(ID, "no key"));
        assertFalse(operators
                .withDevice(ID, devices.publicKey())
                .open(devices.withOperator(ID, operators.publicKey()).seal(CONTENT))
                .isEmpty());
    }

    @Test
    void eachKeyIsAnother() {
        assertEquals(43, operators.publicKey().length());
        assertNotEquals(operators.publicKey(), devices.publicKey());
    }
}
