package io.gatehouse.firmware.swupdate;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.program.Ended;
import io.gatehouse.program.Program;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Makes what a vendor would: an authority, its signers, and images for a slot that is a file. */
final class Images {
    private final Path folder;
    private final Path slot;

    Images(Path folder, Path slot) throws IOException, InterruptedException {
        this.folder = folder;
        this.slot = slot;
        Files.createFile(slot);
        authority("ca");
        signer("signer", "ca");
    }

    /** The certificate by which an image's signature is checked. */
    Path authority() {
        return folder.resolve("ca.pem");
    }

    /** An authority that the machine does not know, and its signer of this name. */
    void stranger(String name) throws IOException, InterruptedException {
        authority(name + "-ca");
        signer(name, name + "-ca");
    }

    /** The same bytes for the same size. */
    static byte[] content(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    Path image(int size) throws IOException, InterruptedException {
        return image("signer", "1.0", size);
    }

    Path image(String signer, String revision, int size) throws IOException, InterruptedException {
        byte[] content = content(size);
        Path description =
                Files.writeString(folder.resolve("sw-description"), """
                software = { version = "2.0"; gw = { hardware-compatibility: [ "%s" ]; images: (
                  { filename = "rootfs.img"; device = "%s"; type = "raw"; sha256 = "%s"; } ); } }
                """.formatted(revision, slot, sha256(content)));
        Path signature = folder.resolve("sw-description.sig");
        openssl("cms -sign -binary -nosmimecap -outform DER -in", description, "-out", signature)
                .signedBy(signer);
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("sw-description", Files.readAllBytes(description));
        files.put("sw-description.sig", Files.readAllBytes(signature));
        files.put("rootfs.img", content);
        return Files.write(folder.resolve(signer + "-" + revision + "-" + size + ".swu"), cpio(files));
    }

    private void authority(String name) throws IOException, InterruptedException {
        openssl(
                        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj",
                        "/CN=" + name,
                        "-keyout",
                        key(name),
                        "-out",
                        pem(name))
                .run();
    }

    private void signer(String name, String authority) throws IOException, InterruptedException {
        Path request = folder.resolve(name + ".csr");
        Path purpose = Files.writeString(folder.resolve("purpose"), "extendedKeyUsage=codeSigning\n");
        openssl(
                        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj",
                        "/CN=" + name,
                        "-keyout",
                        key(name),
                        "-out",
                        request)
                .run();
        openssl("x509 -req -CAcreateserial -days 1 -in", request, "-CA", pem(authority), "-CAkey", key(authority))
                .run("-extfile", purpose, "-out", pem(name));
    }

    private Path key(String name) {
        return folder.resolve(name + ".key");
    }

    private Path pem(String name) {
        return folder.resolve(name + ".pem");
    }

    private OpenSsl openssl(String words, Object... more) throws IOException {
        Program openssl = Program.find("openssl").orElseThrow(() -> new IOException("openssl is missing"));
        return new OpenSsl(openssl.with(words.split(" "))).with(more);
    }

    private final class OpenSsl {
        private final Program program;

        OpenSsl(Program program) {
            this.program = program;
        }

        OpenSsl with(Object... more) {
            Program with = program;
            for (Object argument : more) {
                with = with.with(argument.toString());
            }
            return new OpenSsl(with);
        }

        void signedBy(String name) throws IOException, InterruptedException {
            run("-signer", pem(name), "-inkey", key(name));
        }

        void run(Object... more) throws IOException, InterruptedException {
            Ended ended = with(more).program.run();
            assertTrue(ended.isWell(), () -> ended.output().text());
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** In the format that SWUpdate takes: with checksums, as {@code cpio -H crc}. */
    private static byte[] cpio(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream cpio = new ByteArrayOutputStream();
        int inode = 1;
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            entry(cpio, inode++, file.getKey(), file.getValue());
        }
        entry(cpio, 0, "TRAILER!!!", new byte[0]);
        cpio.write(new byte[-cpio.size() & 511]);
        return cpio.toByteArray();
    }

    private static void entry(ByteArrayOutputStream cpio, int inode, String name, byte[] content) throws IOException {
        int sum = 0;
        for (byte each : content) {
            sum += each & 0xff;
        }
        int mode = inode == 0 ? 0 : 0100644;
        int[] fields = {inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length() + 1, sum};
        StringBuilder header = new StringBuilder("070702");
        for (int field : fields) {
            header.append(String.format("%08X", field));
        }
        cpio.write((header + name + "\0").getBytes(US_ASCII));
        cpio.write(new byte[-cpio.size() & 3]);
        cpio.write(content);
        cpio.write(new byte[-cpio.size() & 3]);
    }
}
