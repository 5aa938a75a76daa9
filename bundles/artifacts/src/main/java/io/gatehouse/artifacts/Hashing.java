package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Sha256;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.security.MessageDigest;

/** Hashes a file that is open, from front to back, until the thread is interrupted. */
final class Hashing {
    private static final int BUFFER = 1 << 16;

    private Hashing() {}

    static Sha256 of(RandomAccessFile file) throws IOException, InterruptedException {
        MessageDigest digest = Sha256.digest();
        byte[] buffer = new byte[BUFFER];
        file.seek(0);
        for (int read = file.read(buffer); read >= 0; read = file.read(buffer)) {
            if (Thread.interrupted()) {
                throw new InterruptedException("no longer wanted");
            }
            digest.update(buffer, 0, read);
        }
        return Sha256.of(digest);
    }
}
