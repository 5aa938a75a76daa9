package io.gatehouse.cli.fleet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.UserProperties;
import io.gatehouse.protocol.ArtifactRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArtifactServerTest {
    private static final String DEVICE = "dwr/311-a1/00-00-00-00-00-01";
    private static final byte[] CORRELATION = {1, 2, 3};

    private final byte[] bytes = new byte[300_000];
    private final BlockingQueue<Message> sent = new LinkedBlockingQueue<>();
    private final BlockingQueue<CompletableFuture<Void>> acknowledgements = new LinkedBlockingQueue<>();
    private boolean acknowledging = true;
    private Sha256 sha256;
    private ArtifactServer server;

    @TempDir
    private Path folder;

    @BeforeEach
    void serve() throws IOException {
        new Random(1).nextBytes(bytes);
        Path file = Files.write(folder.resolve("artifact"), bytes);
        sha256 = Sha256.of(file);
        server = new ArtifactServer(Map.of(sha256, file), this::send, note -> {}, ArtifactServer.ROOM);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void answersARangeInChunksThatSayWhereTheyBelong() throws InterruptedException {
        assertTrue(server.take(request(100_000, 150_000, 65_536)));
        long offset = 100_000;
        for (int length : new int[] {65_536, 65_536, 18_928}) {
            Message chunk = next();
            assertEquals(DEVICE + "/artifact/data", chunk.topic());
            assertEquals(Message.BYTES, chunk.contentType());
            assertArrayEquals(CORRELATION, chunk.correlation().orElseThrow());
            assertEquals(
                    UserProperties.none().and("offset", Long.toString(offset)).and("size", "300000"),
                    chunk.properties());
            assertArrayEquals(Arrays.copyOfRange(bytes, (int) offset, (int) offset + length), chunk.payload());
            offset += length;
        }
        assertNothingMore();
    }

    @Test
    void endsWhereTheFileEnds() throws InterruptedException {
        assertTrue(server.take(request(299_000, Long.MAX_VALUE, 65_536)));
        assertEquals(1000, next().payload().length);
        assertTrue(server.take(request(400_000, 10, 10)));
        assertNothingMore();
    }

    @Test
    void isSilentAboutWhatItDoesNotHave() {
        byte[] other = new ArtifactRequest(Sha256.of(new byte[] {9}), 0, 10, 10).write();
        assertFalse(server.take(
                Message.json(DEVICE + "/artifact/get", other).answeredAt(DEVICE + "/artifact/data", CORRELATION)));
    }

    @Test
    void answersNowhereButAtTheAskersOwnTopic() {
        byte[] payload = new ArtifactRequest(sha256, 0, 10, 10).write();
        Message request = Message.json(DEVICE + "/artifact/get", payload);
        assertFalse(server.take(request));
        assertFalse(server.take(request.answeredAt("dwr/311-a1/another/artifact/data", CORRELATION)));
        assertFalse(
                server.take(Message.json("a/b/artifact/get", payload).answeredAt("a/b/artifact/data", CORRELATION)));
    }

    @Test
    void overlooksARequestThatIsNone() {
        assertFalse(server.take(Message.json(DEVICE + "/artifact/get", new byte[] {'{'})
                .answeredAt(DEVICE + "/artifact/data", CORRELATION)));
    }

    @Test
    void keepsABoundedNumberOfChunksUnderWay() throws InterruptedException {
        acknowledging = false;
        assertTrue(server.take(request(0, 300_000, 1000)));
        for (int chunk = 0; chunk < 16; chunk++) {
            next();
        }
        assertNothingMore();
        acknowledgements.take().complete(null);
        assertEquals(Optional.of("16000"), next().properties().first("offset"));
    }

    @Test
    void hasRoomForTheWindowsOfAThousandDevices() {
        acknowledging = false;
        for (int device = 0; device < 1000; device++) {
            for (int request = 0; request < 8; request++) {
                String asker = "dwr/311-a1/" + device;
                byte[] share = new ArtifactRequest(sha256, request * 1000L, 1000, 1000).write();
                Message message =
                        Message.json(asker + "/artifact/get", share).answeredAt(asker + "/artifact/data", CORRELATION);
                assertTrue(server.take(message), asker + ", request " + request);
            }
        }
    }

    private Message request(long offset, long length, int chunk) {
        return Message.json(DEVICE + "/artifact/get", new ArtifactRequest(sha256, offset, length, chunk).write())
                .answeredAt(DEVICE + "/artifact/data", CORRELATION);
    }

    private CompletableFuture<Void> send(Message message) {
        CompletableFuture<Void> acknowledgement = new CompletableFuture<>();
        if (acknowledging) {
            acknowledgement.complete(null);
        }
        acknowledgements.add(acknowledgement);
        sent.add(message);
        return acknowledgement;
    }

    private Message next() throws InterruptedException {
        Message message = sent.poll(5, TimeUnit.SECONDS);
        assertTrue(message != null, "no chunk within 5 s");
        return message;
    }

    private void assertNothingMore() throws InterruptedException {
        assertNull(sent.poll(100, TimeUnit.MILLISECONDS));
    }
}
