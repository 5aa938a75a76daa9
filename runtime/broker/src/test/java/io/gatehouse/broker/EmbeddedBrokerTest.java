package io.gatehouse.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {
    @Test
    void answersMqtt5AtAFreePort() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(0, Optional.empty());
                Socket socket = new Socket("127.0.0.1", broker.port())) {
            socket.getOutputStream().write(connect());
            assertEquals(0x20, socket.getInputStream().read(), "CONNACK");
        }
    }

    @Test
    void saysThatThePortIsTaken() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(0, Optional.empty())) {
            BrokerUnavailable refusal =
                    assertThrows(BrokerUnavailable.class, () -> EmbeddedBroker.start(broker.port(), Optional.empty())
                            .close());
            assertEquals(
                    "port " + broker.port() + " is taken; choose another, or 0 for any that is free",
                    refusal.getMessage());
        }
    }

    @Test
    void keepsItsJournalWhereItIsTold(@TempDir Path data) throws Exception {
        EmbeddedBroker.start(0, Optional.of(data)).close();
        assertTrue(Files.isDirectory(data.resolve("journal")));
    }

    @Test
    void writesNothingWhenKeptInMemory() throws Exception {
        EmbeddedBroker.start(0, Optional.empty()).close();
        assertTrue(Files.notExists(Path.of("data")), "Artemis' default place");
    }

    @Test
    void refusesArgumentsByName() {
        assertEquals(1883, Broker.Options.parse(List.of()).port());
        assertEquals(
                "--port must be from 0 to 65535: 70000",
                assertThrows(IllegalArgumentException.class, () -> Broker.Options.parse(List.of("--port", "70000")))
                        .getMessage());
        assertEquals(
                "unknown option --prot",
                assertThrows(IllegalArgumentException.class, () -> Broker.Options.parse(List.of("--prot", "1")))
                        .getMessage());
    }

    /** CONNECT of MQTT 5 with clean start, keep alive 10 s and the client identifier "t". */
    private static byte[] connect() {
        return new byte[] {0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 10, 0, 0, 1, 't'};
    }
}
