package io.gatehouse.artifacts;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.message.Receiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ClaimsTest {
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
        Artifact artifact = servers.serve(1000);
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

    @Test
    void aStoreThatIsReplacedWritesNothingMore() throws Exception {
        Artifact artifact = servers.serve(20_000);
        ArtifactStore old = store;
        servers.wire((device, chunk) -> {
            if (Long.parseLong(chunk.properties().first("offset").orElseThrow()) < 5000) {
                device.receive(chunk);
            }
        });
        Thread fetcher = fetching(artifact);
        await().until(() -> size(artifact) == 5000);
        Thread other = fetching(artifact);
        await().until(() -> other.getState() == Thread.State.WAITING);
        old.close();
        fetcher.join();
        other.join();
        servers.wire(Receiver::receive);
        Path file = servers.open(folder, Duration.ofSeconds(20), Duration.ofSeconds(5))
                .fetch(artifact, (bytes, size) -> {});
        assertArrayEquals(servers.bytes(artifact), Files.readAllBytes(file));
        assertThrows(InterruptedException.class, () -> old.fetch(artifact, (bytes, size) -> {}));
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

    @Test
    void whatIsHeldIsNotForgottenUntilTheLastLetsGo() throws Exception {
        Artifact artifact = servers.serve(50);
        Artifact coming = servers.serve(60);
        Artifacts.Hold one = store.hold(Set.of(artifact.sha256(), coming.sha256()));
        Artifacts.Hold other = store.hold(Set.of(artifact.sha256()));
        Path file = store.fetch(artifact, (bytes, size) -> {});
        Files.write(folder.resolve(coming.sha256() + ".part"), new byte[10]);
        retainNothing();
        assertTrue(Files.exists(file));
        assertTrue(Files.exists(folder.resolve(coming.sha256() + ".part")));
        one.close();
        one.close();
        retainNothing();
        assertTrue(Files.exists(file));
        assertFalse(Files.exists(folder.resolve(coming.sha256() + ".part")));
        other.close();
        retainNothing();
        assertFalse(Files.exists(file));
    }

    private long size(Artifact artifact) throws IOException {
        Path part = folder.resolve(artifact.sha256() + ".part");
        return Files.exists(part) ? Files.size(part) : 0;
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

    private void retainNothing() {
        try {
            store.retain(Collections.emptySet());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
