package io.gatehouse.cli.reach;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LocalDoorTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @Test
    void saysWhyItLetsNobodyInAnyMoreAndDoesNotTryForEver() throws IOException {
        AtomicInteger tried = new AtomicInteger();
        try (ServerSocket full = new FullServer(tried);
                LocalDoor door = LocalDoor.at(full, OptionalInt::empty)) {
            await().atMost(SOON).until(() -> door.trouble().isPresent());
            assertEquals(Optional.of("Too many open files"), door.trouble());
            assertEquals(10, tried.get());
        }
    }

    @Test
    void turnsAwayWhoWouldBeOneTooMany() throws Exception {
        try (ServerSocket far = new ServerSocket(0, 100, LOOPBACK);
                LocalDoor door =
                        LocalDoor.open(new InetSocketAddress(LOOPBACK, 0), () -> OptionalInt.of(far.getLocalPort()))) {
            List<Socket> all = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                all.add(new Socket(LOOPBACK, door.port()));
            }
            await().atMost(SOON).until(() -> door.traffic().connections() == 64);
            try (Socket one = new Socket(LOOPBACK, door.port())) {
                one.setSoTimeout((int) SOON.toMillis());
                assertEquals(-1, one.getInputStream().read());
            }
            assertEquals(64, door.traffic().connections());
            for (Socket socket : all) {
                socket.close();
            }
        }
    }

    /** As where no more files may be open. */
    private static final class FullServer extends ServerSocket {
        private final AtomicInteger tried;

        FullServer(AtomicInteger tried) throws IOException {
            super(0, 1, LOOPBACK);
            this.tried = tried;
        }

        @Override
        public Socket accept() throws IOException {
            tried.incrementAndGet();
            throw new IOException("Too many open files");
        }
    }
}
