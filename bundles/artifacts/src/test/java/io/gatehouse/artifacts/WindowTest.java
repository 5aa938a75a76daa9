package io.gatehouse.artifacts;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.ArtifactRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class WindowTest {
    private static final int CHUNK = Servers.CHUNK;
    private static final int WINDOW = Servers.WINDOW;
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
    void asksAgainForAChunkThatWasLostAndWhatFollowedIt() throws Exception {
        store = servers.open(folder, Duration.ofSeconds(90), Duration.ofSeconds(60));
        Artifact artifact = servers.serve(40_000);
        AtomicInteger chunks = new AtomicInteger();
        servers.wire((device, chunk) -> {
            if (chunks.incrementAndGet() != 3) {
                device.receive(chunk);
            }
        });
        assertArrayEquals(servers.bytes(artifact), Files.readAllBytes(store.fetch(artifact, (bytes, size) -> {})));
        int again = servers.requests().indexOf(new ArtifactRequest(artifact.sha256(), 2000, CHUNK, CHUNK));
        assertEquals(9, again);
        assertEquals(
                new ArtifactRequest(artifact.sha256(), 3000, SHARE, CHUNK),
                servers.requests().get(10));
    }

    @Test
    void asksAgainForNoMoreThanAChunkWhileNobodyAnswers() throws Exception {
        store = servers.open(folder, Duration.ofSeconds(20), Duration.ofMillis(100));
        Artifact artifact = servers.serve(4000);
        AtomicInteger lost = new AtomicInteger();
        servers.wire((device, chunk) -> {
            if (lost.incrementAndGet() > 4 + 2) {
                device.receive(chunk);
            }
        });
        store.fetch(artifact, (bytes, size) -> {});
        List<Long> lengths =
                servers.requests().stream().map(ArtifactRequest::length).toList();
        assertEquals(List.of(2000L, 2000L, 1000L, 1000L, 1000L, 2000L, 1000L), lengths);
    }

    @Test
    void asksForMoreBeforeAllOfTheWindowHasCome() throws Exception {
        Artifact artifact = servers.serve(40_000);
        servers.wire((device, chunk) -> {
            if (offset(chunk) == SHARE) {
                // Eight requests make the window; after the first answer nothing comes before the ninth.
                await().until(() -> servers.requests().size() == 9);
            }
            device.receive(chunk);
        });
        assertArrayEquals(servers.bytes(artifact), Files.readAllBytes(store.fetch(artifact, (bytes, size) -> {})));
        assertEquals(20, servers.requests().size());
    }

    @Test
    void hasNoMoreThanTheWindowOnItsWay() throws Exception {
        Artifact artifact = servers.serve(40_000);
        AtomicLong most = new AtomicLong();
        store.fetch(artifact, (bytes, size) -> {
            ArtifactRequest last = servers.requests().get(servers.requests().size() - 1);
            most.accumulateAndGet(last.offset() + last.length() - (bytes - CHUNK), Math::max);
        });
        assertEquals(WINDOW, most.get());
    }

    @Test
    void holdsNoMoreThanTheWindowOfWhatAServerSendsUnasked() throws Exception {
        Artifact artifact = new Artifact(Sha256.of(new byte[] {1}), 40_000, Optional.empty());
        Exchange exchange = new Exchange(
                artifact,
                new Exchange.Reach(0, 40_000),
                Servers.pace(Duration.ofSeconds(20), Duration.ofSeconds(5)),
                new byte[40_000]);
        for (int at = 0; at < 39_000; at += 1500) {
            exchange.offer(1, at, 40_000, new byte[1500]);
        }
        int held = 0;
        for (Exchange.Span span = exchange.take(Duration.ZERO); held < WINDOW; span = exchange.take(Duration.ZERO)) {
            held += assertInstanceOf(Exchange.Span.class, span).count();
            exchange.written(span.count());
        }
        assertEquals(WINDOW, held);
        assertNull(exchange.take(Duration.ZERO));
    }

    @Test
    void aSlowLinkIsNotTakenForALostOne() throws Exception {
        store = servers.open(folder, Duration.ofSeconds(20), Duration.ofMillis(200));
        Artifact artifact = servers.serve(4000);
        servers.wire((device, chunk) -> {
            if (offset(chunk) < 3 * CHUNK) {
                // The link takes longer for a chunk than the device waits before it asks again.
                LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
            }
            device.receive(chunk);
        });
        store.fetch(artifact, (bytes, size) -> {});
        List<Long> lengths =
                servers.requests().stream().map(ArtifactRequest::length).toList();
        assertEquals(List.of(2000L, 2000L, 1000L), lengths);
    }

    @Test
    void anotherConnectionThatKnowsNothingOfWhatWasAskedForIsAskedAgain() throws Exception {
        store = servers.open(folder, Duration.ofSeconds(20), Duration.ofMillis(100));
        Artifact artifact = servers.serve(60_000);
        AtomicInteger chunks = new AtomicInteger();
        servers.wire((device, chunk) -> {
            int number = chunks.incrementAndGet();
            if (number <= 20 || number > 30) {
                device.receive(chunk);
            }
        });
        assertArrayEquals(servers.bytes(artifact), Files.readAllBytes(store.fetch(artifact, (bytes, size) -> {})));
    }

    private static long offset(Message chunk) {
        return Long.parseLong(chunk.properties().first("offset").orElseThrow());
    }
}
