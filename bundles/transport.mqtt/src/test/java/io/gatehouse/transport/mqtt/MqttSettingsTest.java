package io.gatehouse.transport.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MqttSettingsTest {
    private final MqttSettings settings = MqttSettings.of("tcp://broker");

    @Test
    void refusesBoundsThatMqttDoesNotHave() {
        assertEquals("receiveMaximum must be from 1 to 65535: 0", refusal(() -> bounds(60, 0, 100)));
        assertEquals("keepAlive must be from 0 to 65535: 65536", refusal(() -> bounds(65_536, 32, 100)));
        assertEquals("window must be from 1 to 65535: -1", refusal(() -> bounds(60, 32, -1)));
        assertEquals(
                "maximumPacketSize must be from 278528 to 268435460: 278527",
                refusal(() -> settings.withMaximumPacketSize(278_527)));
    }

    @Test
    void showsNoPassword() {
        String text = MqttSettings.of("tcp://me:secret@broker").toString();
        assertEquals(
                "MqttSettings[broker=tcp://broker:1883, security=Security[fleet=Optional.empty, protocols=[TLSv1.3]],"
                        + " keepAlive=60, receiveMaximum=32, window=100, maximumPacketSize=327680, willDelay=PT30S]",
                text);
    }

    private void bounds(int keepAlive, int receiveMaximum, int window) {
        settings.withBounds(keepAlive, receiveMaximum, window, Duration.ofSeconds(30));
    }

    private static String refusal(Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }
}
