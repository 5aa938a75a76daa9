package io.gatehouse.transport.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.paho.mqttv5.common.packet.MqttConnect;
import org.eclipse.paho.mqttv5.common.packet.MqttDisconnect;
import org.eclipse.paho.mqttv5.common.packet.MqttPublish;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a connection ends, where somebody wants that it does. */
class LeavingTest extends WithBroker {
    private Optional<Path> trust = Optional.empty();

    @Test
    void leavesWithItsWillWhereTheSessionIsKept() {
        somebody.will = Optional.of(Somebody.text("status", "offline"));
        assertEquals(0x04, reasonOfLeaving());
    }

    @Test
    void leavesWithoutAWordWhereNoSessionIsKept() {
        somebody.will = Optional.of(Somebody.text("status", "offline"));
        somebody.sessionExpiry = Duration.ZERO;
        assertEquals(0x00, reasonOfLeaving());
        assertTrue(broker.got(MqttConnect.class).get(0).isCleanStart());
    }

    @Test
    void letsWhatIsOnItsWayArriveBeforeItLeaves() throws Exception {
        broker.withoutAcknowledging();
        somebody.publishNumbers(1, 1);
        open();
        awaitTexts(1, 1);
        Thread closing = new Thread(connection::close);
        closing.start();
        broker.acknowledge(broker.got(MqttPublish.class).get(0));
        closing.join();
        assertEquals(1, somebody.acknowledged.get());
        assertEquals(0, somebody.returned.get());
        assertEquals(1, broker.got(MqttDisconnect.class).size());
    }

    @Test
    void closesAtOnceWhileItPauses() throws IOException {
        broker.close();
        open();
        await().until(() -> somebody.troubles.size() >= 2);
        connection.close();
        assertFalse(threads.names().stream().anyMatch("mqtt connection"::equals));
    }

    private int reasonOfLeaving() {
        open();
        await().until(() -> somebody.connections.get() == 1);
        connection.close();
        await().until(() -> !broker.got(MqttDisconnect.class).isEmpty());
        return broker.got(MqttDisconnect.class).get(0).getReturnCode();
    }

    @Test
    void returnsWhatIsOnItsWayInTimeWhereTheLineStandsStill() throws Exception {
        returnsAllWhereTheLineStandsStill();
    }

    @Test
    void returnsWhatIsOnItsWayInTimeAlsoUnderTls(@TempDir Path folder) throws Exception {
        Certificates certificates = new Certificates(folder, "ip:127.0.0.1");
        broker.close();
        broker = new ScriptedBroker(certificates.sockets(), "ssl");
        trust = Optional.of(certificates.authority());
        returnsAllWhereTheLineStandsStill();
    }

    private void returnsAllWhereTheLineStandsStill() throws Exception {
        broker.standingStill();
        int count = 40;
        for (int i = 0; i < count; i++) {
            somebody.put(Somebody.text("up", "x".repeat(1_000_000)));
        }
        open(settings -> settings.withBroker(known -> trust.map(known::trusting).orElse(known)));
        await().until(() -> somebody.left() == 0);
        connection.close();
        assertEquals(count, somebody.returned.get(), "when close returns, an outbox may be asked for what it has left");
        assertFalse(threads.names().contains("mqtt connection"));
        await().until(() -> threads.names().isEmpty());
    }
}
