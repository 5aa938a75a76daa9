package io.gatehouse.transport.mqtt;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections that end while Paho starts its threads, which it would otherwise wait for without an end. */
class StartingTest {
    private final PahoThreads threads = new PahoThreads();
    private final Somebody somebody = new Somebody();
    private ServerSocket server;
    private MqttConnection connection;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        connection.close();
        server.close();
    }

    @Test
    void leavesNoThreadBehindWhereABrokerClosesAtOnce() throws IOException {
        open();
        for (int i = 0; i < 3; i++) {
            server.accept().close();
        }
        await().until(() -> somebody.troubles.size() >= 2);
        connection.close();
        await().until(() -> threads.names().isEmpty());
    }

    @Test
    void leavesNoThreadBehindWhereItIsClosedAtOnce() throws IOException {
        for (int i = 0; i < 3; i++) {
            open();
            Socket accepted = server.accept();
            connection.close();
            accepted.close();
        }
        await().until(() -> threads.names().isEmpty());
    }

    private void open() {
        URI uri = URI.create("tcp://127.0.0.1:" + server.getLocalPort());
        connection = MqttConnection.open(MqttSettings.of(uri), somebody, somebody, new SplittableRandom(1));
    }
}
