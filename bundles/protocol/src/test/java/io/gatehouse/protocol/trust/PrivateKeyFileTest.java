package io.gatehouse.protocol.trust;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PrivateKeyFileTest {
    /** As openssl writes the key of RFC 8037, appendix A.1. */
    private static final String PEM = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
            -----END PRIVATE KEY-----
            """;

    @TempDir
    Path folder;

    @Test
    void writesWhatOpensslWrites() throws IOException {
        Path file = folder.resolve("key.pem");
        JwkTest.rfc8037Key().write(file);
        assertEquals(PEM, Files.readString(file));
        assertEquals("rw-------", permissions(file));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(file), left.toList());
        }
    }

    @Test
    void readsWhatItWrote() throws IOException {
        SigningKey key = SigningKey.generate();
        Path file = folder.resolve("key.pem");
        key.write(file);
        SigningKey read = SigningKey.read(file);
        assertEquals(key.jwk(), read.jwk());
        assertArrayEquals(key.privateKey().getEncoded(), read.privateKey().getEncoded());
    }

    @Test
    void keepsKeysOfOtherAlgorithmsToo() throws IOException, GeneralSecurityException {
        PrivateKey key = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate();
        Path file = folder.resolve("tls.pem");
        PrivateKeyFile.write(file, key);
        assertEquals(key, PrivateKeyFile.read(file, "EC"));
        assertMessage("private key file " + file + " holds no Ed25519 key", () -> SigningKey.read(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r--r--", "rw-r-----", "rw----r--", "rw--w----", "rw------x"})
    void refusesFileThatIsOpenToOthersAndSaysWhatHelps(String permissions) throws IOException {
        Path file = file(PEM);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        assertMessage(
                "private key file " + file + " is open to others (" + permissions + "): chmod 600 " + file,
                () -> SigningKey.read(file));
    }

    @Test
    void readsFileThatItsOwnerMayOnlyRead() throws IOException {
        Path file = file(PEM);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        assertEquals(
                "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
                SigningKey.read(file).kid());
    }

    @Test
    void overwritesNoKey() throws IOException {
        Path file = file(PEM);
        assertThrows(
                FileAlreadyExistsException.class, () -> SigningKey.generate().write(file));
        assertEquals(PEM, Files.readString(file));
    }

    @Test
    void goesOnWhereThePowerWasCutWhileWriting() throws IOException {
        Path file = folder.resolve("key.pem");
        Files.writeString(folder.resolve("key.pem.part"), "-----BEGIN PRI");
        SigningKey.generate().write(file);
        assertEquals("rw-------", permissions(file));
        assertFalse(Files.exists(folder.resolve("key.pem.part")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-----BEGIN PRIVATE KEY-----",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
                "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\n%%%%\n-----END PRIVATE KEY-----\n",
                PEM + PEM
            })
    void refusesWhatIsNotPkcs8InPemAndSaysWhatHelps(String text) throws IOException {
        Path file = file(text);
        String message = String.valueOf(
                assertThrows(IOException.class, () -> SigningKey.read(file)).getMessage());
        assertTrue(message.contains("openssl pkey -in " + file), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAA", "A=AA"})
    void refusesPemThatHoldsNoKey(String content) throws IOException {
        Path file = file("-----BEGIN PRIVATE KEY-----\n" + content + "\n-----END PRIVATE KEY-----\n");
        assertMessage("private key file " + file + " holds no Ed25519 key", () -> SigningKey.read(file));
    }

    @Test
    void refusesFileThatIsTooLargeUnread() throws IOException {
        Path file = file("x".repeat(20_000));
        assertMessage(
                "private key file " + file + " is too large to hold a key: 20000 bytes", () -> SigningKey.read(file));
    }

    @Test
    void keySaysNothingOfItself() {
        SigningKey key = SigningKey.generate();
        assertEquals("SigningKey[" + key.kid() + "]", key.toString());
    }

    private Path file(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("key.pem"), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static void assertMessage(String message, Executable executable) {
        assertEquals(message, assertThrows(IOException.class, executable).getMessage());
    }
}
