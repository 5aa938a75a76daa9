package io.gatehouse.protocol.stream;

import io.gatehouse.protocol.Base64Url;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A key pair for one stream. It agrees once: were there two streams with the same keys, both would begin with the same
 * counter. Thread-safe.
 */
public final class StreamKey {
    private static final int SEAL_BYTES = 32;

    private final KeyPair pair;
    private final byte[] own;
    private final AtomicBoolean used = new AtomicBoolean();

    StreamKey(KeyPair pair) {
        this.pair = pair;
        this.own = X25519.bytes(pair.getPublic());
    }

    public static StreamKey generate() {
        return new StreamKey(X25519.generate());
    }

    /** The public key as it travels: 32 bytes in base64url. */
    public String publicKey() {
        return Base64Url.encode(own);
    }

    /**
     * The operator's end of a stream.
     *
     * @param id the stream's, from the answer
     * @param devicesKey the device's, from the answer
     * @throws InvalidKeyException if that is no public key, or one with which nothing stays secret
     * @throws IllegalStateException if this key agreed before
     */
    public Sealing withDevice(String id, String devicesKey) throws InvalidKeyException {
        byte[] devices = X25519.read(devicesKey);
        return agree(Side.OPERATOR, id, devices, own, devices);
    }

    /**
     * The device's end of a stream.
     *
     * @param id the stream's
     * @param operatorsKey the operator's, from the command
     * @throws InvalidKeyException if that is no public key, or one with which nothing stays secret
     * @throws IllegalStateException if this key agreed before
     */
    public Sealing withOperator(String id, String operatorsKey) throws InvalidKeyException {
        byte[] operators = X25519.read(operatorsKey);
        return agree(Side.DEVICE, id, operators, operators, own);
    }

    private Sealing agree(Side side, String id, byte[] others, byte[] operators, byte[] devices)
            throws InvalidKeyException {
        byte[] secret = X25519.agree(pair.getPrivate(), others);
        if (!used.compareAndSet(false, true)) {
            throw new IllegalStateException("this key has agreed on a stream before; each stream needs a new one");
        }
        byte[] toDevice = seal(id, secret, Side.OPERATOR, operators, devices);
        byte[] fromDevice = seal(id, secret, Side.DEVICE, operators, devices);
        Arrays.fill(secret, (byte) 0);
        return side == Side.OPERATOR
                ? new Sealing(side, toDevice, fromDevice)
                : new Sealing(side, fromDevice, toDevice);
    }

    private static byte[] seal(String id, byte[] secret, Side way, byte[] operators, byte[] devices) {
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        info.writeBytes(("gatehouse stream " + way.level() + "\0").getBytes(StandardCharsets.US_ASCII));
        info.writeBytes(operators);
        info.writeBytes(devices);
        return Hkdf.derive(id.getBytes(StandardCharsets.UTF_8), secret, info.toByteArray(), SEAL_BYTES);
    }
}
