package io.gatehouse.artifacts;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.ArtifactRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class FetchOverMqttTest {
    private static final int CHUNK = 1000;
    private static final int WINDOW = 4000;

    @TempDir
    Path folder;

    private final Servers servers = new Servers();
    private ArtifactStore store;

    @BeforeEach
    void open() throws IOException {
        store = open(Duration.ofSeconds(20));
    }

    @AfterEach
    void close() {
        servers.close();
    }

    @Test
    void fetchesWindowByWindowAndTellsHowFarItIs() throws Exception {
        Artifact artifact = servers.serve(10_500);
        List<Long> told = new ArrayList<>();
        Path file = store.fetch(artifact, (bytes, size) -> told.add(bytes));
        assertArrayEquals(servers.bytes(artifact), Files.readAllBytes(file));
        assertEquals(Optional.of(file), store.find(artifact.sha256()));
        assertEquals(
                List.of(
                        new ArtifactRequest(artifact.sha256(), 0, 4000, CHUNK),
                        new ArtifactRequest(artifact.sha256(), 4000, 4000, CHUNK),
                        new ArtifactRequest(artifact.sha256(), 8000, 2500, CHUNK)),
                servers.requests());
        assertEquals(10_500L, told.get(told.size() - 1));
        assertEquals(11, told.size());
    }

    @Test
    void asksForNothingThatIsHere() throws Exception {
        Artifact artifact = servers.serve(3000);
        Path first = store.fetch(artifact, (bytes, size) -> {});
        assertEquals(first, store.fetch(artifact, (bytes, size) -> {}));
        assertEquals(1, servers.requests().size());
    }

    @Test
    void anotherProcessResumesWhereTheFirstStopped() throws Exception {
        Artifact artifact = servers.serve(10_000);
        Thread fetcher = Thread.currentThread();
        assertThrows(
                InterruptedException.class,
                () -> store.fetch(artifact, (bytes, size) -> {
                    if (bytes == 4000) {
                        fetcher.interrupt();
                    }
                }));
        assertTrue(store.find(artifact.sha256()).isEmpty());
        servers.requests().clear();
        Path file = open(Duration.ofSeconds(20)).fetch(artifact, (bytes, size) -> {});
        assertEquals(4000, servers.requests().get(0).offset());
        assertArrayEquals(servers.bytes(artifact), Files.readAllBytes(file));
    }

    @Test
    void severalServersMayAnswerAndChunksMayComeTwice() throws Exception {
        Artifact artifact = servers.serve(20_000);
        servers.wire((device, chunk) -> {
            device.receive(chunk);
            device.receive(chunk);
        });
        assertArrayEquals(servers.bytes(artifact), Files.readAllBytes(store.fetch(artifact, (bytes, size) -> {})));
    }

    @Test
    void takesOnlyTheNewPartOfAChunkThatOverlaps() throws Exception {
        Artifact artifact = servers.serve(2000);
        byte[] bytes = servers.bytes(artifact);
        servers.wire((device, chunk) -> {
            byte[] correlation = chunk.correlation().orElseThrow();
            device.receive(Servers.chunk(correlation, 0, 2000, Arrays.copyOfRange(bytes, 0, 700)));
            device.receive(Servers.chunk(correlation, 300, 2000, Arrays.copyOfRange(bytes, 300, 2000)));
        });
        assertArrayEquals(bytes, Files.readAllBytes(store.fetch(artifact, (done, size) -> {})));
    }

    @Test
    void asksAgainForAChunkThatWasLost() throws Exception {
        Artifact artifact = servers.serve(10_000);
        AtomicInteger chunks = new AtomicInteger();
        servers.wire((device, chunk) -> {
            if (chunks.incrementAndGet() != 3) {
                device.receive(chunk);
            }
        });
        assertArrayEquals(servers.bytes(artifact), Files.readAllBytes(store.fetch(artifact, (bytes, size) -> {})));
        assertEquals(2000, servers.requests().get(1).offset());
    }

    @Test
    void asksAgainForNoMoreThanAChunkWhileNobodyAnswers() throws Exception {
        store = open(Duration.ofSeconds(20), Duration.ofMillis(200));
        Artifact artifact = servers.serve(10_000);
        AtomicInteger lost = new AtomicInteger();
        servers.wire((device, chunk) -> {
            if (lost.incrementAndGet() > WINDOW / CHUNK + 2) {
                device.receive(chunk);
            }
        });
        store.fetch(artifact, (bytes, size) -> {});
        List<Long> lengths =
                servers.requests().stream().map(ArtifactRequest::length).toList();
        assertEquals(List.of(4000L, 1000L, 1000L, 1000L, 4000L, 4000L, 1000L), lengths);
    }

    @Test
    void ignoresChunksThatAnswerSomethingElse() throws Exception {
        Artifact artifact = servers.serve(3000);
        servers.wire((device, chunk) -> {
            device.receive(Servers.chunk(new byte[] {1, 2, 3}, 0, 3000, new byte[3000]));
            device.receive(Message.json(chunk.topic(), new byte[10]));
            device.receive(new Message(
                    chunk.topic(),
                    new byte[10],
                    Message.BYTES,
                    false,
                    Optional.empty(),
                    chunk.correlation(),
                    Optional.empty(),
                    Collections.emptyMap()));
            device.receive(chunk);
        });
        assertArrayEquals(servers.bytes(artifact), Files.readAllBytes(store.fetch(artifact, (bytes, size) -> {})));
    }

    @Test
    void takesNoMoreBytesThanTheSignedSize() {
        Artifact artifact = servers.serve(3000);
        Artifact signed = new Artifact(artifact.sha256(), 2999, Optional.empty());
        ArtifactUnavailable refused =
                assertThrows(ArtifactUnavailable.class, () -> store.fetch(signed, (bytes, size) -> {}));
        assertEquals("wrong-size", refused.type());
        assertTrue(refused.getMessage().contains("2999"), refused.getMessage());
    }

    @Test
    void refusesWhatHashesToSomethingElseAndSaysToWhat() throws Exception {
        byte[] other = new byte[3000];
        Artifact artifact = new Artifact(Sha256.of(new byte[] {1}), 3000, Optional.empty());
        servers.pretend(artifact.sha256(), other);
        ArtifactUnavailable refused =
                assertThrows(ArtifactUnavailable.class, () -> store.fetch(artifact, (bytes, size) -> {}));
        assertEquals("wrong-digest", refused.type());
        assertTrue(refused.getMessage().contains(Sha256.of(other).hex()), refused.getMessage());
        assertEquals(0, Files.list(folder).count());
    }

    @Test
    void fetchesAllAgainWhereWhatAPowerCutLeftIsDamaged() throws Exception {
        Artifact artifact = servers.serve(10_000);
        Files.write(folder.resolve(artifact.sha256() + ".part"), new byte[5000]);
        assertArrayEquals(servers.bytes(artifact), Files.readAllBytes(store.fetch(artifact, (bytes, size) -> {})));
    }

    @Test
    void givesUpWhenNobodyAnswersForTooLong() throws IOException {
        store = open(Duration.ofMillis(300), Duration.ofMillis(50));
        Artifact artifact = new Artifact(Sha256.of(new byte[0]), 10, Optional.empty());
        ArtifactUnavailable failed =
                assertThrows(ArtifactUnavailable.class, () -> store.fetch(artifact, (bytes, size) -> {}));
        assertEquals("unreachable", failed.type());
        assertTrue(servers.requests().size() > 1, "asked once only");
    }

    @Test
    void anInterruptEndsAFetchThatNobodyAnswers() throws Exception {
        Artifact artifact = new Artifact(Sha256.of(new byte[0]), 10, Optional.empty());
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread fetcher = new Thread(() -> {
            try {
                store.fetch(artifact, (bytes, size) -> {});
            } catch (InterruptedException e) {
                interrupted.set(true);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        fetcher.start();
        fetcher.interrupt();
        fetcher.join();
        assertTrue(interrupted.get());
    }

    @Test
    void aFetchThatHangsHoldsUpNoOther() throws Exception {
        Artifact absent = new Artifact(Sha256.of(new byte[0]), 10, Optional.empty());
        Thread fetcher = fetching(absent);
        await().until(() -> !servers.requests().isEmpty());
        Artifact artifact = servers.serve(10_000);
        assertArrayEquals(servers.bytes(artifact), Files.readAllBytes(store.fetch(artifact, (bytes, size) -> {})));
        assertTrue(fetcher.isAlive());
        fetcher.interrupt();
        fetcher.join();
    }

    @Test
    void twoWhoWantOneArtifactFetchItOnce() throws Exception {
        Artifact artifact = servers.serve(3000);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        servers.wire((device, chunk) -> {
            asked.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            device.receive(chunk);
        });
        Thread fetcher = fetching(artifact);
        asked.await();
        Thread other = fetching(artifact);
        await().until(() -> other.getState() == Thread.State.WAITING);
        goOn.countDown();
        fetcher.join();
        other.join();
        assertTrue(store.find(artifact.sha256()).isPresent());
        assertEquals(1, servers.requests().size());
    }

    private Thread fetching(Artifact artifact) {
        Thread fetcher = new Thread(() -> {
            try {
                store.fetch(artifact, (bytes, size) -> {});
            } catch (InterruptedException e) {
                // as the test wants it
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        fetcher.start();
        return fetcher;
    }

    @Test
    void forgettingSparesWhatIsBeingFetched() throws Exception {
        Artifact artifact = servers.serve(10_000);
        Artifact other = servers.serve(50);
        Path file = store.fetch(other, (bytes, size) -> {});
        store.fetch(artifact, (bytes, size) -> {
            if (bytes == 4000) {
                retainNothing();
            }
        });
        assertTrue(store.find(artifact.sha256()).isPresent());
        assertFalse(Files.exists(file));
    }

    private void retainNothing() {
        try {
            store.retain(Collections.emptySet());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private ArtifactStore open(Duration patience) throws IOException {
        return open(patience, Duration.ofSeconds(5));
    }

    private ArtifactStore open(Duration patience, Duration stall) throws IOException {
        Pace pace = new Pace(WINDOW, CHUNK, stall, patience, new Random(7));
        ArtifactStore opened =
                new ArtifactStore(new Shelf(folder, 0, 0, at -> Long.MAX_VALUE / 2), pace, Servers.DEVICE, servers);
        servers.answer(opened);
        return opened;
    }
}
