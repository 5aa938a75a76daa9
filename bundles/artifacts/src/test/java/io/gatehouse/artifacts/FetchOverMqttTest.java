package io.gatehouse.artifacts;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Receiver;
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
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class FetchOverMqttTest {
    private static final int CHUNK = 1000;
    private static final int WINDOW = 16_000;
    private static final int SHARE = 2000;

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
    void asksAgainForAChunkThatWasLostAndWhatFollowedIt() throws Exception {
        store = open(Duration.ofSeconds(90), Duration.ofSeconds(60));
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
        store = open(Duration.ofSeconds(20), Duration.ofMillis(100));
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
                // Eight requests make the window. The first is answered, and nothing else comes before the ninth is
                // made.
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
        Exchange exchange =
                new Exchange(artifact, 0, pace(Duration.ofSeconds(20), Duration.ofSeconds(5)), new byte[40_000]);
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
        store = open(Duration.ofSeconds(20), Duration.ofMillis(200));
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
        store = open(Duration.ofSeconds(20), Duration.ofMillis(100));
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
        return Long.parseLong(chunk.properties().get("offset"));
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
            if (offset(chunk) < 5000) {
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
        Path file = open(Duration.ofSeconds(20)).fetch(artifact, (bytes, size) -> {});
        assertArrayEquals(servers.bytes(artifact), Files.readAllBytes(file));
        assertThrows(InterruptedException.class, () -> old.fetch(artifact, (bytes, size) -> {}));
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
        Claims.Hold one = store.hold(Set.of(artifact.sha256(), coming.sha256()));
        Claims.Hold other = store.hold(Set.of(artifact.sha256()));
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
        ArtifactStore opened = new ArtifactStore(
                new Shelf(folder, 0, 0, at -> Long.MAX_VALUE / 2), pace(patience, stall), Servers.DEVICE, servers);
        servers.answer(opened);
        return opened;
    }

    private static Pace pace(Duration patience, Duration stall) {
        return new Pace(WINDOW, CHUNK, stall, patience, new Random(7), time -> {});
    }
}
