package io.gatehouse.artifacts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.protocol.ArtifactRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class FetchIntoFolderTest {
    @TempDir
    Path folder;

    private final Servers servers = new Servers();
    private Path elsewhere;
    private ArtifactStore store;

    @BeforeEach
    void open() throws IOException {
        elsewhere = folder.resolve("elsewhere").resolve("deep");
        store = servers.open(folder.resolve("artifacts"), Duration.ofSeconds(10), Duration.ofMillis(200));
    }

    @AfterEach
    void close() {
        servers.close();
    }

    @Test
    void isInThatFolderAndNeitherFoundNorForgottenAmongTheOthers() throws Exception {
        Artifact artifact = servers.serve(20_000);
        Path file = fetch(artifact);
        assertEquals(elsewhere.resolve(artifact.sha256().hex()), file);
        assertArrayEquals(servers.bytes(artifact), Files.readAllBytes(file));
        assertEquals(Optional.empty(), store.find(artifact.sha256()));
        store.retain(Set.of());
        assertTrue(Files.exists(file));
    }

    @Test
    void goesOnWithWhatWasBegunThere() throws Exception {
        Artifact artifact = servers.serve(20_000);
        Files.createDirectories(elsewhere);
        Files.write(elsewhere.resolve(artifact.sha256() + ".part"), Arrays.copyOf(servers.bytes(artifact), 15_000));
        assertArrayEquals(servers.bytes(artifact), Files.readAllBytes(fetch(artifact)));
        assertEquals(
                15_000,
                servers.requests().stream()
                        .mapToLong(ArtifactRequest::offset)
                        .min()
                        .orElseThrow());
    }

    @Test
    void whatIsThereWholeIsNotFetchedAgain() throws Exception {
        Artifact artifact = servers.serve(5_000);
        fetch(artifact);
        servers.requests().clear();
        fetch(artifact);
        assertEquals(0, servers.requests().size());
    }

    @Test
    void whatSomebodyElsePutThereIsFetchedAgain() throws Exception {
        Artifact artifact = servers.serve(5_000);
        Files.createDirectories(elsewhere);
        Files.write(elsewhere.resolve(artifact.sha256().hex()), new byte[5_000]);
        assertArrayEquals(servers.bytes(artifact), Files.readAllBytes(fetch(artifact)));
    }

    @Test
    void refusesWhatHashesToSomethingElseAndLeavesNothing() throws Exception {
        Artifact artifact = servers.serve(5_000);
        servers.pretend(artifact.sha256(), new byte[5_000]);
        ArtifactUnavailable failed = assertThrows(ArtifactUnavailable.class, () -> fetch(artifact));
        assertEquals("wrong-digest", failed.type());
        try (var files = Files.list(elsewhere)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void roomOfThatFoldersDiskCounts() throws Exception {
        Shelf shelf = new Shelf(
                folder.resolve("artifacts"), 1000, 0, at -> at.equals(elsewhere) ? 5_999 : Long.MAX_VALUE / 2);
        store = new ArtifactStore(
                shelf,
                Servers.nothingMade(folder),
                Servers.pace(Duration.ofSeconds(10), Duration.ofMillis(200)),
                Servers.DEVICE,
                servers);
        servers.answer(store);
        Artifact artifact = servers.serve(5_000);
        ArtifactUnavailable failed = assertThrows(ArtifactUnavailable.class, () -> fetch(artifact));
        assertEquals("no-room", failed.type());
        assertTrue(failed.getMessage().contains("1 bytes more"), failed.getMessage());
        assertFalse(Files.exists(elsewhere.resolve(artifact.sha256() + ".part")));
        store.fetch(artifact, (done, size) -> {});
    }

    private Path fetch(Artifact artifact) throws IOException, InterruptedException {
        return store.fetch(artifact, elsewhere, (done, size) -> {});
    }
}
