package io.gatehouse.artifacts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class FetchOverMqttTest {
    private static final int CHUNK = Servers.CHUNK;
    private static final int SHARE = Servers.WINDOW / 8;

    @TempDir
    Path folder;

    private final Servers servers = new Servers();
    private ArtifactStore store;

    @BeforeEach
    void open() throws IOException {
        store = servers.open(folder, Duration.ofSeconds(20), Duration.ofSeconds(5));
    }

    @AfterEach
    void close() {
        servers.close();
    }

    @Test
    void fetchesShareByShareAndTellsHowFarItIs() throws Exception {
        Artifact artifact = servers.serve(5500);
        List<Long> told = new ArrayList<>();
        Path file = store.fetch(artifact, (bytes, size) -> told.add(bytes));
        assertArrayEquals(servers.bytes(artifact), Files.readAllBytes(file));
        assertEquals(Optional.of(file), store.find(artifact.sha256()));
        assertEquals(
                List.of(
                        new ArtifactRequest(artifact.sha256(), 0, SHARE, CHUNK),
                        new ArtifactRequest(artifact.sha256(), 2000, SHARE, CHUNK),
                        new ArtifactRequest(artifact.sha256(), 4000, 1500, CHUNK)),
                servers.requests());
        assertEquals(List.of(1000L, 2000L, 3000L, 4000L, 5000L, 5500L), told);
    }

    @Test
    void asksForNothingThatIsHere() throws Exception {
        Artifact artifact = servers.serve(1000);
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
        Path file = servers.open(folder, Duration.ofSeconds(20), Duration.ofSeconds(5))
                .fetch(artifact, (bytes, size) -> {});
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
    void ignoresChunksThatAnswerSomethingElse() throws Exception {
        Artifact artifact = servers.serve(3000);
        servers.wire((device, chunk) -> {
            device.receive(Servers.chunk(new byte[] {1, 2, 3}, 0, 3000, new byte[3000]));
            device.receive(Message.json(chunk.topic(), new byte[10]));
            device.receive(Message.bytes(chunk.topic(), new byte[10])
                    .answering(chunk.correlation().orElseThrow()));
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
        store = servers.open(folder, Duration.ofMillis(300), Duration.ofMillis(50));
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
}
