package com.example.amqp;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that takes connections, and nothing that comes over them. */
final class WireTest {
    private static final Duration PATIENCE = Duration.ofMillis(400);
    private static final Duration FAR_MORE = Duration.ofSeconds(20);

    /** More than all buffers on the way have room for. */
    private static final int MUCH = 32 * 1024 * 1024;

    private static ProtonBuffer much() {
        return ProtonBufferAllocator.defaultAllocator().copy(new byte[MUCH]);
    }

    private static Broker at(ServerSocket door, String scheme) {
        return Broker.at(scheme + "://127.0.0.1:" + door.getLocalPort(), "", "");
    }

    @Test
    void givesUpAWriteToALineThatStandsStill() throws Exception {
        try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Wire wire = new Wire(at(door, "amqp"), SSLContext.getDefault(), PATIENCE)) {
            assertStandsStill(wire);
        }
    }

    @Test
    void givesItUpByTlsToo(@TempDir Path folder) throws Exception {
        Certificates certificates = new Certificates(folder, "127.0.0.1");
        try (ServerSocket door = certificates
                .ofBroker()
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Socket> other = shakesHands(door);
            try (Wire wire = new Wire(at(door, "amqps"), certificates.ofDevice(), PATIENCE)) {
                assertStandsStill(wire);
            }
            other.join().close();
        }
    }

    @Test
    void isClosedWhileAWriteByTlsStandsStill(@TempDir Path folder) throws Exception {
        Certificates certificates = new Certificates(folder, "127.0.0.1");
        try (ServerSocket door = certificates
                .ofBroker()
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Socket> other = shakesHands(door);
            Wire wire = new Wire(at(door, "amqps"), certificates.ofDevice(), FAR_MORE.multipliedBy(2));
            ProtonBuffer bytes = much();
            CompletableFuture<Void> writer =
                    CompletableFuture.runAsync(() -> assertThrows(IOException.class, () -> wire.write(bytes)));
            AtomicInteger before = new AtomicInteger(MUCH);
            await("a write that stands still").pollInterval(PATIENCE).until(() -> {
                int left = bytes.getReadableBytes();
                return left < MUCH && before.getAndSet(left) == left;
            });
            assertTimeoutPreemptively(FAR_MORE, wire::close);
            assertTimeoutPreemptively(FAR_MORE, () -> writer.join());
            other.join().close();
        }
    }

    /** Takes one, and from then on nothing. */
    private static CompletableFuture<Socket> shakesHands(ServerSocket door) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                SSLSocket accepted = (SSLSocket) door.accept();
                accepted.startHandshake();
                return accepted;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void assertStandsStill(Wire wire) {
        IOException still = assertTimeoutPreemptively(
                FAR_MORE, () -> assertThrows(IOException.class, () -> wire.write(much())));
        assertEquals("it took nothing for 400 ms", still.getMessage());
        assertThrows(IOException.class, wire::read, "it is closed");
    }
}
