package com.example.installer;

import io.gatehouse.api.firmware.FirmwareRefused;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A firmware as one file: two lines of text, and then what a slot is to have. The first is {@code firmware <compatible> <size> <sha256>}, of
 * what comes behind both; the second its Ed25519 signature, in base64.
 *
 * @param compatible which machines take it
 * @param size bytes that a slot is to have
 * @param begin of them in the file
 */
record Image(Path file, String compatible, long size, byte[] sha256, long begin) {
    private static final Pattern HEAD = Pattern.compile("firmware (\\S{1,64}) (\\d{1,12}) ([0-9a-f]{64})");
    private static final int LONGEST_LINE = 256;
    private static final int CHUNK = 64 * 1024;

    /** What takes a part of a slot's bytes. */
    interface Part {
        void take(byte[] bytes, int length, long before) throws IOException, InterruptedException;
    }

    /** Reads the two lines, which must be signed by this key. */
    static Image read(Path file, PublicKey key) throws FirmwareRefused, IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String head = line(in);
            String signature = line(in);
            Matcher words = HEAD.matcher(head);
            if (!words.matches()) {
                throw new FirmwareRefused("bad-image", "it does not begin with: firmware <compatible> <size> <sha256>");
            }
            if (!isSigned(head, signature, key)) {
                throw new FirmwareRefused(
                        "bad-signature", "its first line is not signed by the key that this machine trusts");
            }
            return new Image(
                    file,
                    words.group(1),
                    Long.parseLong(words.group(2)),
                    HexFormat.of().parseHex(words.group(3)),
                    head.length() + signature.length() + 2L);
        }
    }

    /** Reads all of what a slot is to have; refused where it is not what was signed, at its end at the latest. */
    void read(Part part) throws FirmwareRefused, IOException, InterruptedException {
        MessageDigest digest = sha256Digest();
        long done = 0;
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.skipNBytes(begin);
            digest.reset();
            byte[] bytes = new byte[CHUNK];
            for (int length = in.read(bytes); length > 0; length = in.read(bytes)) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("no longer wanted, after " + done + " bytes");
                }
                if (length > size - done) {
                    throw new FirmwareRefused("bad-image", "it is longer than the " + size + " bytes that were signed");
                }
                part.take(bytes, length, done);
                done += length;
            }
        }
        if (done != size || !MessageDigest.isEqual(sha256, digest.digest())) {
            throw new FirmwareRefused("bad-image", "its " + done + " bytes are not the " + size + " that were signed");
        }
    }

    /** Whether a slot has what it is to have. */
    boolean isIn(Path slot) throws IOException {
        MessageDigest digest = sha256Digest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(slot), digest)) {
            return in.transferTo(OutputStream.nullOutputStream()) == size
                    && MessageDigest.isEqual(sha256, digest.digest());
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static boolean isSigned(String head, String signature, PublicKey key) {
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(key);
            ed25519.update(head.getBytes(StandardCharsets.US_ASCII));
            return ed25519.verify(Base64.getDecoder().decode(signature));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false; // it is no signature, or of another length
        }
    }

    private static String line(InputStream in) throws FirmwareRefused, IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.size() == LONGEST_LINE) {
                throw new FirmwareRefused("bad-image", "it does not begin with two lines of text");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    private static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java has SHA-256", e);
        }
    }
}
