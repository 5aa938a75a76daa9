package io.gatehouse.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.protocol.DeviceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityFolderTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Membership MEMBER = new Membership(
            "id", DeviceName.parse("dwr/311-a1/7"), Optional.of("world/asia"), Sha256.of(new byte[0]), "root");

    @TempDir
    private Path state;

    private Path path;
    private IdentityFolder folder;

    @BeforeEach
    void isNotThereYet() {
        path = state.resolve("identity");
        folder = new IdentityFolder(path);
    }

    @Test
    void isEmptyAtFirst() throws IOException {
        assertEquals(Optional.empty(), folder.token());
        assertEquals(Optional.empty(), folder.membership());
        assertEquals(Optional.empty(), folder.certificate());
        assertFalse(Files.exists(path), "looking makes nothing");
    }

    @Test
    void makesTheKeyOnceForItsOwnerAlone() throws IOException {
        DeviceKey key = folder.key();
        assertEquals(key.publicKey(), folder.key().publicKey());
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path.resolve("device.key"))));
    }

    @Test
    void makesAnotherKeyWhereThePowerWentBeforeTheFirstWasWhole() throws IOException {
        DeviceKey lost = folder.key();
        Files.delete(path.resolve("device.key"));
        Files.writeString(path.resolve("device.key.part"), "torn");
        DeviceKey key = folder.key();
        assertNotEquals(lost.publicKey(), key.publicKey());
        assertEquals(key.publicKey(), new IdentityFolder(path).key().publicKey());
    }

    @Test
    void refusesAKeyThatOthersMayRead() throws IOException {
        folder.key();
        Files.setPosixFilePermissions(path.resolve("device.key"), PosixFilePermissions.fromString("rw-r-----"));
        String message = assertThrows(IOException.class, folder::key).getMessage();
        assertTrue(message.contains("chmod 600"), message);
    }

    @Test
    void keepsWhatEnrollmentBrought() throws Exception {
        Authority authority = new Authority(NOW);
        IssuedChain chain =
                authority.device(folder.key().publicKey(), "dwr/311-a1/7", NOW, NOW.plus(Duration.ofDays(1)));
        folder.enroll(chain, MEMBER);
        assertEquals(Optional.of(chain), new IdentityFolder(path).certificate());
        assertEquals(Optional.of(MEMBER), new IdentityFolder(path).membership());
    }

    @Test
    void whatEnrollmentBroughtOutlivesAPowerCutWithItsFolder() throws Exception {
        try (Recording recording = new Recording()) {
            recording.enable("jdk.FileForce").withoutThreshold();
            recording.start();
            folder.key();
            recording.stop();
            Path file = state.resolve("forced.jfr");
            recording.dump(file);
            assertTrue(
                    RecordingFile.readAllEvents(file).stream()
                            .anyMatch(event -> state.toString().equals(event.getString("path"))),
                    "its name is in " + state);
        }
    }

    @Test
    void saysWhatToDoWhereTheMembershipCannotBeRead() throws Exception {
        Files.createDirectories(path);
        Files.writeString(path.resolve("claim.json"), "{\"device\":");
        String message = assertThrows(IOException.class, folder::membership).getMessage();
        assertTrue(message.contains("claim.json") && message.contains("new token"), message);
    }

    @Test
    void doesNotShowATokenThatCannotBeRead() throws Exception {
        Files.createDirectories(path);
        Files.writeString(path.resolve("token"), "c2VjcmV0");
        String message = assertThrows(IOException.class, folder::token).getMessage();
        assertTrue(message.contains("identity/token is not an enrollment token"), message);
        assertFalse(message.contains("c2VjcmV0"), message);
    }
}
