package io.gatehouse.artifacts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShelfTest {
    private final Artifact first = new Artifact(Sha256.of(new byte[] {1}), 1000, Optional.empty());
    private final Artifact second = new Artifact(Sha256.of(new byte[] {2}), 500, Optional.empty());

    @TempDir
    Path folder;

    @Test
    void whatFitsLacksNothing() throws IOException {
        assertEquals(0, shelf(0, 1500).lacking(List.of(first, second)));
    }

    @Test
    void reserveIsLeftAlone() throws IOException {
        Shelf shelf = new Shelf(folder, 100, 0, at -> 1500);
        assertEquals(100, shelf.lacking(List.of(first, second)));
    }

    @Test
    void oneArtifactIsCountedOnce() throws IOException {
        assertEquals(0, shelf(0, 1000).lacking(List.of(first, first)));
    }

    @Test
    void whatIsHereWholeOrInPartNeedsNoRoomAgain() throws IOException {
        Files.write(folder.resolve(first.sha256().hex()), new byte[1000]);
        Files.write(folder.resolve(second.sha256().hex() + ".part"), new byte[200]);
        assertEquals(10, shelf(0, 290).lacking(List.of(first, second)));
    }

    @Test
    void limitCountsWhatIsStored() throws IOException {
        Files.write(folder.resolve(first.sha256().hex()), new byte[1000]);
        assertEquals(300, shelf(1200, 1_000_000).lacking(List.of(second)));
    }

    @Test
    void forgetsAllButWhatIsWantedAndNoOtherFile() throws IOException {
        Path kept = Files.write(folder.resolve(first.sha256().hex()), new byte[1]);
        Path gone = Files.write(folder.resolve(second.sha256().hex()), new byte[1]);
        Path begun = Files.write(folder.resolve(second.sha256().hex() + ".part"), new byte[1]);
        Path other = Files.write(folder.resolve("readme"), new byte[1]);
        shelf(0, 0).retain(Set.of(first.sha256()));
        assertTrue(Files.exists(kept));
        assertFalse(Files.exists(gone));
        assertFalse(Files.exists(begun));
        assertTrue(Files.exists(other));
    }

    @Test
    void whatTheDeviceMadeCountsAsNoArtifact() throws IOException {
        Files.write(Files.createDirectories(folder.resolve("made")).resolve(first.sha256() + ".1.2"), new byte[500]);
        Shelf shelf = shelf(1000, 1_000_000);
        assertEquals(0, shelf.lacking(List.of(first)));
        shelf.retain(Set.of());
        assertEquals(1, Files.list(folder.resolve("made")).count());
    }

    @Test
    void fetchOfWhatDoesNotFitIsRefusedWithTheBytesThatAreMissing() throws Exception {
        try (Servers servers = new Servers()) {
            Pace pace = new Pace(4000, 1000, Duration.ofMillis(50), Duration.ofSeconds(1), new Random(), time -> {});
            ArtifactStore store =
                    new ArtifactStore(shelf(0, 990), Servers.nothingMade(folder), pace, Servers.DEVICE, servers);
            ArtifactUnavailable refused =
                    assertThrows(ArtifactUnavailable.class, () -> store.fetch(first, (bytes, size) -> {}));
            assertEquals("no-room", refused.type());
            assertTrue(refused.getMessage().contains(" 10 bytes"), refused.getMessage());
            assertEquals(0, servers.requests().size());
        }
    }

    private Shelf shelf(long limit, long usable) throws IOException {
        return new Shelf(folder, 0, limit, at -> usable);
    }
}
