package io.gatehouse.tunnel.ssh;

import io.gatehouse.api.store.Store;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.security.SecurityUtils;

/** The device's own SSH key, on Ed25519, made when it is first needed. It never leaves the device. Thread-safe. */
final class SshIdentity {
    static final String STORED = "key";

    /** What goes before a key's 32 bytes to make it PKCS#8 (RFC 8410). */
    private static final byte[] PKCS8_PREFIX = HexFormat.of().parseHex("302e020100300506032b657004220420");

    private static final int SEED_BYTES = 32;

    private final Store store;
    private final String comment;
    private final SecureRandom random;

    SshIdentity(Store store, String comment, SecureRandom random) {
        this.store = store;
        this.comment = comment;
        this.random = random;
    }

    /**
     * The public key, as a line of {@code authorized_keys}.
     *
     * @throws IOException as {@link #pair}
     */
    String line() throws IOException {
        return PublicKeyEntry.toString(pair().getPublic()) + " " + comment;
    }

    /**
     * The key; it is on flash when this returns.
     *
     * @throws IOException where it cannot be read or kept; no other is made in its place
     */
    synchronized KeyPair pair() throws IOException {
        Optional<byte[]> kept = store.get(STORED);
        byte[] pkcs8 = kept.isPresent() ? kept.get() : make();
        if (pkcs8.length != PKCS8_PREFIX.length + SEED_BYTES
                || !Arrays.equals(pkcs8, 0, PKCS8_PREFIX.length, PKCS8_PREFIX, 0, PKCS8_PREFIX.length)) {
            throw new IOException("what is kept as the device's SSH key is no Ed25519 key in PKCS#8: " + pkcs8.length
                    + " bytes; it is not made anew by itself, for relays know it");
        }
        try {
            PrivateKey key = SecurityUtils.generateEDDSAPrivateKey(
                    KeyPairProvider.SSH_ED25519, Arrays.copyOfRange(pkcs8, PKCS8_PREFIX.length, pkcs8.length));
            return new KeyPair(SecurityUtils.recoverEDDSAPublicKey(key), key);
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot read the device's SSH key; the bundle io.gatehouse.eddsa is needed", e);
        }
    }

    private byte[] make() throws IOException {
        byte[] seed = new byte[SEED_BYTES];
        random.nextBytes(seed);
        byte[] pkcs8 = Arrays.copyOf(PKCS8_PREFIX, PKCS8_PREFIX.length + SEED_BYTES);
        System.arraycopy(seed, 0, pkcs8, PKCS8_PREFIX.length, SEED_BYTES);
        store.put(STORED, pkcs8);
        store.sync();
        return pkcs8;
    }
}
