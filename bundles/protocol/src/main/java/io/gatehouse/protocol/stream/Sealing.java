package io.gatehouse.protocol.stream;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes frames, and opens those of the other side. It counts: no counter is used twice, and none that came is taken again.
 * Whoever has it is to guard it; a {@link SealedStream} does.
 */
public final class Sealing {
    static final int COUNTER_BYTES = 8;
    static final int TAG_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    /** Around what is sealed. */
    static final int FRAME_BYTES = COUNTER_BYTES + TAG_BYTES;

    private static final String ALGORITHM = "AES/GCM/NoPadding";

    private final Side side;
    private final SecretKeySpec ownKey;
    private final SecretKeySpec othersKey;
    private final Cipher cipher;
    private long sealed;
    private long opened;

    Sealing(Side side, byte[] ownKey, byte[] othersKey) {
        this.side = side;
        this.ownKey = new SecretKeySpec(ownKey, "AES");
        this.othersKey = new SecretKeySpec(othersKey, "AES");
        try {
            this.cipher = Cipher.getInstance(ALGORITHM);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /** Which end of the stream this is. */
    public Side side() {
        return side;
    }

    byte[] seal(byte[] content) {
        sealed = Math.incrementExact(sealed); // before it is used: whatever fails after this, it is not used again
        byte[] frame = new byte[COUNTER_BYTES + content.length + TAG_BYTES];
        ByteBuffer.wrap(frame).putLong(sealed);
        try {
            cipher.init(Cipher.ENCRYPT_MODE, ownKey, nonce(sealed));
            cipher.updateAAD(side.associated());
            cipher.doFinal(content, 0, content.length, frame, COUNTER_BYTES);
            return frame;
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /** What is in a frame; nothing where the other side did not make it, or made it no later than one that was opened. */
    Optional<byte[]> open(byte[] frame) {
        if (frame.length < FRAME_BYTES || frame.length > FRAME_BYTES + Segment.MOST_BYTES) {
            return Optional.empty();
        }
        long counter = ByteBuffer.wrap(frame).getLong();
        if (counter <= opened) {
            return Optional.empty();
        }
        try {
            cipher.init(Cipher.DECRYPT_MODE, othersKey, nonce(counter));
            cipher.updateAAD(side.other().associated());
            byte[] content = cipher.doFinal(frame, COUNTER_BYTES, frame.length - COUNTER_BYTES);
            opened = counter;
            return Optional.of(content);
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    private static GCMParameterSpec nonce(long counter) {
        byte[] nonce = ByteBuffer.allocate(NONCE_BYTES)
                .putLong(NONCE_BYTES - COUNTER_BYTES, counter)
                .array();
        return new GCMParameterSpec(8 * TAG_BYTES, nonce);
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("this Java has no " + ALGORITHM + " with keys of 256 bits", e);
    }
}
