package io.gatehouse.acceptance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.message.TransportProvider;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a transport does while there is nobody to talk to. */
class NoBrokerTest {
    @Test
    void isFoundByTheSchemeOfAnAddress() {
        List<TransportProvider> speakers = ServiceLoader.load(TransportProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.speaks("ssl"))
                .toList();
        assertEquals(1, speakers.size());
        assertTrue(speakers.get(0).speaks("mqtt"));
    }

    @Test
    void triesAgainUntilABrokerIsThere(@TempDir Path data) throws Exception {
        RecordingEndpoint endpoint = new RecordingEndpoint("early");
        try (BrokerProcess broker = new Artemis(data);
                Peer peer = Peer.open(broker.uri(), endpoint, 1)) {
            peer.publish("early/up", "patience");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> endpoint.troubles().size() >= 3);
            assertEquals(
                    "cannot connect to " + broker.uri() + ": connection refused or unreachable: Connection refused",
                    endpoint.troubles().get(0));
            broker.start();
            await().atMost(Duration.ofSeconds(20)).until(() -> peer.outgoing().acknowledged() == 1);
        }
    }

    @Test
    void saysThatAHostIsUnknownAndStillClosesAtOnce() {
        RecordingEndpoint endpoint = new RecordingEndpoint("lost");
        Peer peer = Peer.open(URI.create("tcp://nobody.invalid:1883"), endpoint, 1);
        await().atMost(Duration.ofSeconds(20)).until(() -> !endpoint.troubles().isEmpty());
        assertEquals(
                "cannot connect to tcp://nobody.invalid:1883: unknown host",
                endpoint.troubles().get(0));
        assertTimeout(Duration.ofSeconds(2), peer::close);
    }
}
