package io.gatehouse.artifacts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Artifacts;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.protocol.ArtifactRequest;
import io.gatehouse.protocol.chunk.ChunkIndex;
import io.gatehouse.protocol.chunk.Chunker;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An image of which the device has all but 100000 bytes in the middle, in a seed where the rest lies elsewhere than in the image. */
@Timeout(60)
class FetchLackingTest {
    private static final int LACKED = 100_000;

    /** What is lacked, the chunks that it begins and ends in, and the first one, which begins elsewhere in the seed. */
    private static final long AT_MOST = LACKED + 3L * Chunker.LARGEST;

    @TempDir
    Path folder;

    private final Servers servers = new Servers();
    private final AtomicLong reused = new AtomicLong();
    private final AtomicLong told = new AtomicLong();
    private final byte[] image = new byte[2_000_000];
    private Path seed;
    private ArtifactStore store;

    @BeforeEach
    void open() throws IOException {
        Random random = new Random(11);
        random.nextBytes(image);
        byte[] before = new byte[777];
        random.nextBytes(before);
        seed = folder.resolve("seed");
        ByteBuffer old = ByteBuffer.allocate(before.length + image.length - LACKED);
        old.put(before).put(image, 0, 900_000).put(image, 900_000 + LACKED, image.length - 900_000 - LACKED);
        Files.write(seed, old.array());
        store = servers.open(folder.resolve("artifacts"), Duration.ofSeconds(20), Duration.ofSeconds(5));
    }

    @AfterEach
    void close() {
        servers.close();
    }

    @Test
    void asksOnlyForWhatNoSeedHas() throws Exception {
        Artifact artifact = servers.serve(image);
        assertArrayEquals(image, fetched(artifact, index(image), seed));
        assertTrue(asked(artifact) < AT_MOST, "asked for " + asked(artifact));
        assertTrue(asked(artifact) >= LACKED, "asked for " + asked(artifact));
        assertEquals(image.length, reused.get() + asked(artifact));
        assertEquals(image.length, told.get());
        assertEquals(List.of(artifact.sha256().hex()), there());
    }

    @Test
    void takesFromSeveralSeedsAndPassesOverOnesThatCannotBeRead() throws Exception {
        Path first = Files.write(folder.resolve("first"), Arrays.copyOf(image, 1_000_000));
        Path second = Files.write(folder.resolve("second"), Arrays.copyOfRange(image, 950_000, image.length));
        Artifact artifact = servers.serve(image);
        Artifacts.Delta delta =
                new Artifacts.Delta(index(image), List.of(folder, folder.resolve("absent"), first, second));
        assertArrayEquals(image, fetched(artifact, delta));
        assertEquals(0, asked(artifact));
        assertEquals(image.length, reused.get());
    }

    @Test
    void fetchesByRangesFromTheUrl() throws Exception {
        List<String> ranges = new CopyOnWriteArrayList<>();
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/image", exchange -> answerRange(exchange, ranges));
        http.start();
        try {
            Artifact artifact = at(http);
            assertArrayEquals(image, fetched(artifact, index(image), seed));
            assertEquals(2, ranges.size(), "the first chunk and what is lacked: " + ranges);
            assertEquals(image.length - reused.get(), length(ranges.get(0)) + length(ranges.get(1)));
            assertTrue(image.length - reused.get() < AT_MOST, "reused " + reused);
            assertEquals(0, asked(artifact));
        } finally {
            http.stop(0);
        }
    }

    @Test
    void takesAllThatComesFromAServerWithoutRangesOnce() throws Exception {
        List<String> ranges = new CopyOnWriteArrayList<>();
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/image", exchange -> {
            ranges.add(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
            exchange.sendResponseHeaders(200, image.length);
            exchange.getResponseBody().write(image);
            exchange.close();
        });
        http.start();
        try {
            assertArrayEquals(image, fetched(at(http), index(image), seed));
            assertEquals(1, ranges.size(), ranges.toString());
        } finally {
            http.stop(0);
        }
    }

    @Test
    void fetchesWhatChangedInASeedMeanwhile() throws Exception {
        Artifact artifact = servers.serve(image);
        byte[] rotten = Files.readAllBytes(seed);
        rotten[1_500_000] ^= 1;
        onceTheImageComes(rotten);
        assertArrayEquals(image, fetched(artifact, index(image), seed));
        assertTrue(asked(artifact) < AT_MOST + Chunker.LARGEST, "asked for " + asked(artifact));
        assertEquals(image.length, reused.get() + asked(artifact));
    }

    @Test
    void fetchesTheRestWhereASeedIsGoneInTheMiddle() throws Exception {
        Artifact artifact = servers.serve(image);
        onceTheImageComes(new byte[0]);
        assertArrayEquals(image, fetched(artifact, index(image), seed));
        assertTrue(reused.get() > 800_000, "reused " + reused);
        assertEquals(image.length, reused.get() + asked(artifact));
    }

    @Test
    void goesOnInTheMiddleOfAChunk() throws Exception {
        for (int length : new int[] {850_001, 950_001, 1_900_001}) {
            Artifact artifact = servers.serve(image);
            Files.createDirectories(target());
            Files.write(target().resolve(artifact.sha256() + ".part"), Arrays.copyOf(image, length));
            servers.requests().clear();
            reused.set(0);
            assertArrayEquals(image, fetched(artifact, index(image), seed));
            assertEquals(image.length - length, reused.get() + asked(artifact), "from " + length);
            assertTrue(asked(artifact) < AT_MOST, "asked for " + asked(artifact));
            Files.delete(target().resolve(artifact.sha256().hex()));
        }
    }

    @Test
    void goesOnWhereAnInterruptStoppedIt() throws Exception {
        Artifact artifact = servers.serve(image);
        Thread fetcher = Thread.currentThread();
        Artifacts.Delta delta = new Artifacts.Delta(index(image), List.of(seed));
        Artifacts.Progress stopping = (bytes, size) -> {
            if (bytes > 950_000) {
                fetcher.interrupt();
            }
        };
        assertThrows(InterruptedException.class, () -> store.fetch(artifact, delta, target(), stopping));
        long asked = asked(artifact);
        assertTrue(asked < AT_MOST, "asked for " + asked);
        servers.requests().clear();
        assertArrayEquals(image, fetched(artifact, delta.chunks(), seed));
        assertTrue(asked(artifact) < AT_MOST - 30_000, "asked for " + asked(artifact));
        assertTrue(
                servers.requests().stream().allMatch(request -> request.sha256().equals(artifact.sha256())),
                "the index is asked for once");
    }

    @Test
    void fetchesAllWhereTheIndexWillNotDo() throws Exception {
        byte[] right = ChunkIndex.of(new ByteArrayInputStream(image));
        byte[] cut = Arrays.copyOf(right, right.length - 36);
        byte[] torn = Arrays.copyOf(right, right.length - 1);
        byte[] huge = right.clone();
        huge[0] = 0x7f;
        for (byte[] wrong : List.of(cut, torn, huge)) {
            assertFetchesAll(servers.serve(wrong));
        }
        Artifact unserved = new Artifact(Sha256.of(new byte[] {1}), 36, Optional.empty());
        store = servers.open(folder.resolve("artifacts"), Duration.ofSeconds(2), Duration.ofMillis(50));
        assertFetchesAll(unserved);
        assertFetchesAll(new Artifact(Sha256.of(right), ChunkIndex.LARGEST + 36L, Optional.empty()));
        assertFetchesAll(new Artifact(Sha256.of(image), image.length, Optional.empty()));
    }

    @Test
    void fetchesAllWhereTheIndexIsOfAnotherImage() throws Exception {
        byte[] other = image.clone();
        other[100_000] ^= 1;
        byte[] old = Files.readAllBytes(seed);
        old[777 + 100_000] ^= 1;
        Files.write(seed, old);
        Artifact artifact = servers.serve(image);
        assertArrayEquals(image, fetched(artifact, index(other), seed));
        assertTrue(asked(artifact) >= image.length, "asked for " + asked(artifact));
    }

    @Test
    void fetchesAllFromTheUrlWhereTheIndexIsOfAnotherImageAndMqttIsSilent() throws Exception {
        byte[] other = image.clone();
        other[100_000] ^= 1;
        byte[] old = Files.readAllBytes(seed);
        old[777 + 100_000] ^= 1;
        Files.write(seed, old);
        store = servers.open(folder.resolve("artifacts"), Duration.ofSeconds(1), Duration.ofMillis(50));
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/image", exchange -> {
            if (exchange.getRequestHeaders().containsKey("Range")) {
                answerRange(exchange, new ArrayList<>());
            } else {
                exchange.sendResponseHeaders(200, image.length);
                exchange.getResponseBody().write(image);
                exchange.close();
            }
        });
        http.start();
        try {
            assertArrayEquals(image, fetched(at(http), index(other), seed));
        } finally {
            http.stop(0);
        }
    }

    @Test
    void asksForNoIndexWhereThereIsNoSeed() throws Exception {
        Artifact artifact = servers.serve(image);
        Artifact index = index(image);
        assertArrayEquals(image, fetched(artifact, index));
        assertEquals(0, asked(index));
    }

    private void assertFetchesAll(Artifact index) throws Exception {
        Artifact artifact = servers.serve(image);
        servers.requests().clear();
        reused.set(0);
        assertArrayEquals(image, fetched(artifact, index, seed));
        assertEquals(0, reused.get());
        assertTrue(
                asked(artifact) >= image.length, "asked for " + asked(artifact)); // some of it twice, where all is slow
        assertFalse(there().contains(index.sha256().hex()) && !index.equals(artifact), there().toString());
        Files.delete(target().resolve(artifact.sha256().hex()));
    }

    private Artifact index(byte[] bytes) throws IOException {
        return servers.serve(ChunkIndex.of(new ByteArrayInputStream(bytes)));
    }

    private byte[] fetched(Artifact artifact, Artifact index, Path... seeds) throws Exception {
        return fetched(artifact, new Artifacts.Delta(index, List.of(seeds)));
    }

    private byte[] fetched(Artifact artifact, Artifacts.Delta delta) throws Exception {
        return Files.readAllBytes(store.fetch(artifact, delta, target(), new Artifacts.Progress() {
            @Override
            public void fetched(long bytes, long size) {
                told.set(bytes);
            }

            @Override
            public void reused(long bytes) {
                reused.set(bytes);
            }
        }));
    }

    private Path target() {
        return folder.resolve("target");
    }

    private List<String> there() throws IOException {
        try (var files = Files.list(target())) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** Bytes of it that were asked for; what was lost was asked for twice, and nothing is lost here. */
    private long asked(Artifact artifact) {
        return servers.requests().stream()
                .filter(request -> request.sha256().equals(artifact.sha256()))
                .mapToLong(ArtifactRequest::length)
                .sum();
    }

    private Artifact at(HttpServer http) {
        URI url = URI.create("http://localhost:" + http.getAddress().getPort() + "/image");
        return new Artifact(Sha256.of(image), image.length, Optional.of(url));
    }

    private void answerRange(HttpExchange exchange, List<String> ranges) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range").substring("bytes=".length());
        ranges.add(range);
        String[] ends = range.split("-", -1);
        int from = Integer.parseInt(ends[0]);
        int to = ends[1].isEmpty() ? image.length - 1 : Integer.parseInt(ends[1]);
        exchange.getResponseHeaders().set("Content-Range", "bytes " + range + "/" + image.length);
        exchange.sendResponseHeaders(206, to - from + 1);
        exchange.getResponseBody().write(image, from, to - from + 1);
        exchange.close();
    }

    private static long length(String range) {
        String[] ends = range.split("-", -1);
        return Long.parseLong(ends[1]) - Long.parseLong(ends[0]) + 1;
    }

    /** Writes the seed anew, before the bytes in the middle that no seed has are here. */
    private void onceTheImageComes(byte[] becomes) {
        AtomicBoolean written = new AtomicBoolean();
        servers.wire((device, chunk) -> {
            boolean inTheMiddle =
                    Long.parseLong(chunk.properties().first("offset").orElseThrow()) > 800_000;
            if (inTheMiddle && written.compareAndSet(false, true)) {
                try {
                    Files.write(seed, becomes);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
            device.receive(chunk);
        });
    }
}
