package io.gatehouse.artifacts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Artifacts.Draft;
import io.gatehouse.api.artifact.Sha256;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class MadeArtifactsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path folder;

    private Making making;

    @BeforeEach
    void open() {
        making = new Making(folder.resolve("made"));
    }

    @AfterEach
    void close() {
        making.close();
    }

    @Test
    void keepsWhatWasWrittenByItsDigest() throws Exception {
        byte[] bytes = Making.bytes(100_000, 1);
        Artifact artifact = making.keep(bytes, HOUR);
        assertEquals(new Artifact(Sha256.of(bytes), 100_000, Optional.empty()), artifact);
        assertArrayEquals(bytes, making.read(artifact.sha256()).orElseThrow());
        assertEquals(1, making.files().size());
    }

    @Test
    void whatIsKeptOutlivesARestart() throws Exception {
        byte[] bytes = Making.bytes(1000, 1);
        Artifact artifact = making.keep(bytes, HOUR);
        making.restart();
        assertArrayEquals(bytes, making.read(artifact.sha256()).orElseThrow());
        assertEquals(
                List.of(new MadeArtifacts.Listed(
                        artifact.sha256(),
                        1000,
                        making.time().instant(),
                        making.time().instant().plus(HOUR))),
                making.made().list());
    }

    @Test
    void thereIsNoFolderBeforeTheFirst() throws IOException {
        assertFalse(Files.exists(folder.resolve("made")));
        making.keep(new byte[1], HOUR);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("made"))));
    }

    @Test
    void whatWasNotKeptIsGoneWhenItsDraftIsClosed() throws Exception {
        Draft draft = making.made().draft();
        Files.write(draft.file(), new byte[10]);
        draft.close();
        draft.close();
        assertEquals(List.of(), making.files());
        assertThrows(IllegalStateException.class, () -> draft.keep(HOUR));
    }

    @Test
    void removesWhatAPowerCutLeftBegunAndNoOtherFile() throws IOException {
        Artifact artifact = making.keep(new byte[10], HOUR);
        Path begun = making.made().draft().file();
        Files.write(begun, new byte[1000]);
        Path other = Files.write(folder.resolve("made").resolve("readme"), new byte[1]);
        making.restart();
        assertFalse(Files.exists(begun));
        assertTrue(Files.exists(other));
        assertEquals(List.of(artifact.sha256()), making.kept());
    }

    @Test
    void aDraftOfBeforeIsKeptByNobody() throws IOException {
        Draft draft = making.made().draft();
        Files.write(draft.file(), new byte[10]);
        making.close();
        assertThrows(IOException.class, () -> draft.keep(HOUR));
        assertThrows(IOException.class, () -> making.made().draft());
        making.restart();
        assertEquals(List.of(), making.files());
        draft.close();
    }

    @Test
    void severalDraftsAtOnceHaveNoMoreThanThereIs() throws IOException {
        List<Draft> drafts = new ArrayList<>();
        ArtifactUnavailable refused = assertThrows(ArtifactUnavailable.class, () -> {
            while (true) {
                drafts.add(making.made().draft());
            }
        });
        assertEquals("no-room", refused.type());
        assertTrue(refused.getMessage().contains("of 1048576 bytes (made)"), refused.getMessage());
        assertEquals(
                List.of(524_288L, 262_144L, 131_072L),
                drafts.subList(0, 3).stream().map(Draft::limit).toList());
        assertTrue(drafts.stream().mapToLong(Draft::limit).sum() <= Making.LIMIT);
        assertEquals(drafts.size(), drafts.stream().map(Draft::file).distinct().count());
        for (Draft draft : drafts) {
            Files.write(draft.file(), Making.bytes((int) draft.limit(), draft.limit()));
            draft.keep(HOUR);
        }
        assertEquals(drafts.size(), making.kept().size(), "halves of halves fit together");
        assertEquals(524_288L, making.made().draft().limit());
    }

    @Test
    void keepsNoMoreThanWasPermitted() throws Exception {
        try (Draft draft = making.made().draft()) {
            Files.write(draft.file(), new byte[(int) draft.limit() + 1]);
            ArtifactUnavailable refused = assertThrows(ArtifactUnavailable.class, () -> draft.keep(HOUR));
            assertEquals("too-large", refused.type());
            assertTrue(refused.getMessage().contains("524289 bytes, and may have 524288"), refused.getMessage());
            Files.write(draft.file(), new byte[(int) draft.limit()]);
            assertEquals(524_288, draft.keep(HOUR).size());
        }
    }

    @Test
    void theOldestGiveWayWhereThereIsNoRoomForAll() throws IOException {
        List<Sha256> all = new ArrayList<>();
        for (int each = 0; each < 4; each++) {
            all.add(making.keep(Making.bytes(400_000, each), HOUR).sha256());
        }
        assertEquals(List.of(all.get(3), all.get(2)), making.kept());
        assertEquals(2, making.files().size());
        making.limit(400_000);
        making.restart();
        assertEquals(1, making.kept().size(), "where less is set, at the next start");
        assertEquals(1, making.files().size());
    }

    @Test
    void thereAreNoMoreThanOneListBears() throws IOException {
        Path made = Files.createDirectories(folder.resolve("made"));
        for (int each = 0; each <= MadeArtifacts.MOST; each++) {
            Sha256 sha256 = Sha256.of(new byte[] {(byte) each, (byte) (each >> 8)});
            Instant then = making.time().instant().plusSeconds(each);
            Files.createFile(made.resolve(MadeName.of(sha256, then, HOUR).toString()));
        }
        making.restart();
        assertEquals(MadeArtifacts.MOST, making.kept().size());
        assertFalse(making.kept().contains(Sha256.of(new byte[2])));
    }

    @Test
    void nothingIsMadeWhereThatIsSoSet() {
        making.limit(0);
        making.restart();
        assertEquals(
                "no-room",
                assertThrows(ArtifactUnavailable.class, () -> making.made().draft())
                        .type());
        making.limit(-1);
        assertThrows(IllegalArgumentException.class, making::restart);
    }

    @Test
    void aDraftLeavesTheDisksReserveAloneAlsoBesideOthers() throws IOException {
        making.disk(300_000);
        try (Draft first = making.made().draft()) {
            assertEquals(300_000, first.limit());
            assertThrows(ArtifactUnavailable.class, () -> making.made().draft());
            Files.write(first.file(), new byte[300_000]);
            making.disk(310_000); // what was written is no longer promised
            assertEquals(10_000, making.made().draft().limit());
        }
    }

    @Test
    void whatIsKeptGivesWayWhereTheDiskIsFull() throws IOException {
        making.keep(Making.bytes(100_000, 1), HOUR);
        Artifact newer = making.keep(Making.bytes(1000, 2), HOUR);
        making.disk(141_000);
        try (Draft draft = making.made().draft()) {
            assertEquals(40_000, draft.limit());
        }
        assertEquals(2, making.kept().size(), "a quarter of what there is will do");
        making.disk(121_000);
        try (Draft draft = making.made().draft()) {
            assertEquals(120_000, draft.limit());
        }
        assertEquals(List.of(newer.sha256()), making.kept());
    }

    @Test
    void whatIsKeptGivesWayToBundles() throws Exception {
        try (Servers servers = new Servers()) {
            Artifact artifact = making.keep(Making.bytes(1000, 1), HOUR);
            ArtifactStore store = new ArtifactStore(
                    new Shelf(folder, 0, 0, at -> making.free() + making.made().bytes()),
                    making.made(),
                    Servers.pace(Duration.ofSeconds(20), Duration.ofSeconds(5)),
                    Servers.DEVICE,
                    servers);
            servers.answer(store);
            making.disk(1100);
            Artifact bundle = servers.serve(1050);
            assertEquals(0, store.lacking(List.of(bundle)));
            store.fetch(bundle, (bytes, size) -> {});
            assertEquals(List.of(), making.kept());

            assertTrue(store.find(artifact.sha256()).isEmpty());
            making.disk(Long.MAX_VALUE / 2);
            Artifact other = making.keep(Making.bytes(1000, 2), HOUR);
            assertTrue(store.find(other.sha256()).isEmpty(), "what is made is no bundle");
            store.retain(Set.of());
            assertEquals(List.of(other.sha256()), making.kept());
            assertTrue(store.find(bundle.sha256()).isEmpty());
            try (Draft draft = store.draft()) {
                assertEquals(folder.resolve("made"), draft.file().getParent());
            }
        }
    }

    @Test
    void sameBytesAgainAreOneThatLivesAsLongAsTheLongerOfBoth() throws IOException {
        byte[] bytes = Making.bytes(1000, 1);
        making.keep(bytes, HOUR);
        making.time().passes(Duration.ofMinutes(1));
        making.keep(bytes, Duration.ofMinutes(10));
        assertEquals(1, making.files().size());
        assertEquals(1000, making.made().bytes());
        making.time().passes(Duration.ofMinutes(58));
        assertEquals(1, making.kept().size());
        making.time().passes(Duration.ofMinutes(2));
        assertEquals(List.of(), making.kept());
    }

    @Test
    void ofTwoThatAPowerCutLeftTheOneThatLivesLongerStays() throws IOException {
        Artifact artifact = making.keep(Making.bytes(1000, 1), HOUR);
        Path file = making.file(artifact.sha256());
        Path longer = file.resolveSibling(file.getFileName() + "0"); // ten times as long
        Path shorter = file.resolveSibling(String.valueOf(file.getFileName()).substring(0, 75) + ".1");
        Files.copy(file, longer);
        Files.copy(file, shorter);
        making.restart();
        assertEquals(List.of(longer), making.files());
        assertEquals(1, making.kept().size());
    }

    @Test
    void refusesToKeepWhatIsStillWrittenTo() throws Exception {
        making.limit(64 << 20);
        making.restart();
        try (Draft draft = making.made().draft()) {
            Files.write(draft.file(), new byte[32 << 20]); // takes many times as long to hash as a byte to write
            CountDownLatch writes = new CountDownLatch(1);
            Thread writer = new Thread(() -> {
                try (RandomAccessFile file = new RandomAccessFile(draft.file().toFile(), "rw")) {
                    while (!Thread.interrupted()) {
                        file.seek(0);
                        file.write(1);
                        writes.countDown();
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            writer.start();
            try {
                writes.await();
                IOException refused = assertThrows(IOException.class, () -> draft.keep(HOUR));
                assertTrue(refused.getMessage().contains("still written to"), refused.getMessage());
            } finally {
                writer.interrupt();
                writer.join();
            }
            assertEquals(List.of(), making.kept());
        }
    }

    @Test
    void whatIsWrittenToAfterItWasKeptIsFoundOutAtTheNextRead() throws Exception {
        try (Draft draft = making.made().draft();
                FileOutputStream out = new FileOutputStream(draft.file().toFile())) {
            out.write(Making.bytes(1000, 1));
            Artifact artifact = draft.keep(HOUR);
            assertEquals(1000, making.read(artifact.sha256()).orElseThrow().length);
            out.write(1);
            out.getFD().sync();
            ArtifactUnavailable found = assertThrows(ArtifactUnavailable.class, () -> making.read(artifact.sha256()));
            assertEquals("wrong-digest", found.type());
            assertEquals(Optional.empty(), making.read(artifact.sha256()));
            assertEquals(List.of(), making.files());
        }
    }

    @Test
    void whatFlashDamagedIsFoundOutByTheFirstReadOfAProcess() throws Exception {
        Artifact artifact = making.keep(Making.bytes(200_000, 1), HOUR);
        making.restart();
        assertEquals(200_000, making.read(artifact.sha256()).orElseThrow().length);
        making.restart();
        byte[] damaged = Making.bytes(200_000, 1);
        damaged[150_000] ^= 1;
        Files.write(making.file(artifact.sha256()), damaged, StandardOpenOption.WRITE);
        ArtifactUnavailable found = assertThrows(ArtifactUnavailable.class, () -> making.read(artifact.sha256()));
        assertTrue(found.getMessage().contains(Sha256.of(damaged).hex()), found.getMessage());
        assertEquals(List.of(), making.kept());
    }

    @Test
    void whatSomebodyDeletedIsUnknown() throws Exception {
        Artifact artifact = making.keep(new byte[10], HOUR);
        Files.delete(making.file(artifact.sha256()));
        assertEquals(Optional.empty(), making.read(artifact.sha256()));
        assertEquals(List.of(), making.kept());
    }

    @Test
    void noLinkIsFollowed() throws Exception {
        Path secret = Files.write(folder.resolve("secret"), new byte[10]);
        try (Draft draft = making.made().draft()) {
            Files.delete(draft.file());
            Files.createSymbolicLink(draft.file(), secret);
            assertThrows(IOException.class, () -> draft.keep(HOUR));
        }
        assertTrue(Files.exists(secret));
    }
}
