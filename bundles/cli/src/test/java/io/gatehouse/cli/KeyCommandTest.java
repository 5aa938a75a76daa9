package io.gatehouse.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.trust.Jwk;
import io.gatehouse.protocol.trust.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeyCommandTest {
    private final Console console = new Console(new MemoryBroker());

    @TempDir
    private Path folder;

    @Test
    void makesAKeyThatOnlyItsOwnerReadsAndPrintsItsThumbprint() throws IOException {
        Path file = folder.resolve("root.key");
        assertEquals(0, console.run("key", "new", file.toString()), console::err);
        assertEquals(SigningKey.read(file).kid() + "\n", console.out());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void neverOverwritesAKey() throws IOException {
        Path file = Files.writeString(folder.resolve("root.key"), "dear");
        assertEquals(2, console.run("key", "new", file.toString()));
        assertEquals("dear", Files.readString(file));
        assertTrue(console.err().contains(file + " is there already"), console.err());
    }

    @Test
    void namesTheFolderThatIsMissing() {
        assertEquals(
                2, console.run("key", "new", folder.resolve("none/root.key").toString()));
        assertTrue(console.err().contains("no such folder: " + folder.resolve("none")), console.err());
    }

    @Test
    void showsThePublicHalfOnly() throws IOException {
        Path file = folder.resolve("root.key");
        console.run("key", "new", file.toString());
        String kid = console.out().strip();
        assertEquals(0, console.run("key", "show", file.toString()), console::err);
        Members shown = Json.read(console.out().strip().getBytes(StandardCharsets.UTF_8));
        assertEquals(kid, shown.string("kid"));
        assertEquals(kid, Jwk.read(shown).thumbprint());
        assertFalse(shown.has("d"));
        Path jwk = Files.writeString(folder.resolve("root.jwk"), console.out());
        String before = console.out();
        assertEquals(0, console.run("key", "show", jwk.toString()), console::err);
        assertEquals(before, console.out());
    }

    @Test
    void saysWhatIsWrongWithAKeyFile() throws IOException {
        assertEquals(2, console.run("key", "show", folder.resolve("none").toString()));
        assertTrue(console.err().contains("no such key file: " + folder.resolve("none")), console.err());
        Path none = Files.writeString(folder.resolve("a.jwk"), "{\"kty\":\"RSA\"}");
        assertEquals(2, console.run("key", "show", none.toString()));
        assertTrue(console.err().contains("kty must be OKP: RSA"), console.err());
    }

    @Test
    void saysWhatIsMissingOfAKeyOnAToken() {
        assertEquals(2, console.run("key", "show"));
        assertTrue(console.err().contains("which key? Give its FILE, or --pkcs11 URI"), console.err());
        String uri = "pkcs11:token=vault;object=acme?module-path=" + folder.resolve("none.so");
        assertEquals(2, console.run("key", "show", "--pkcs11", uri));
        assertTrue(console.err().contains("no such PKCS #11 library: " + folder.resolve("none.so")), console.err());
    }

    @Test
    void asksWhichOfItsCommands() {
        assertEquals(2, console.run("key"));
        assertTrue(console.err().contains("See gatehouse key --help"), console.err());
    }
}
