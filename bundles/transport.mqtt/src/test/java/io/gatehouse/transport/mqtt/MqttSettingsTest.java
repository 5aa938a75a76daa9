package io.gatehouse.transport.mqtt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MqttSettingsTest {
    @ParameterizedTest
    @CsvSource({
        "tcp://broker:1883, tcp://broker:1883",
        "mqtt://broker, tcp://broker",
        "MQTTS://broker/, ssl://broker",
        "ssl://[::1]:8883, ssl://[::1]:8883"
    })
    void readsAnAddress(URI uri, String address) {
        MqttSettings settings = MqttSettings.of(uri);
        assertEquals(address, settings.address());
        assertEquals(Optional.empty(), settings.username());
    }

    @Test
    void takesUserAndPasswordOutOfAnAddress() {
        MqttSettings settings = MqttSettings.of(URI.create("ssl://me:s%40cret:x@broker:8883"));
        assertEquals("ssl://broker:8883", settings.address());
        assertEquals(Optional.of("me"), settings.username());
        assertArrayEquals("s@cret:x".getBytes(), settings.password().orElseThrow());
        assertTrue(settings.overTls());
    }

    @ParameterizedTest
    @ValueSource(strings = {"broker:1883", "http://broker", "tcp://broker/path", "tcp:broker"})
    void refusesWhatIsNoAddressOfABroker(URI uri) {
        String refusal = assertThrows(IllegalArgumentException.class, () -> MqttSettings.of(uri))
                .getMessage();
        assertEquals("broker address \"" + uri + "\" must be tcp://host:port, or ssl://host:port for TLS", refusal);
    }

    @Test
    void refusesBoundsThatMqttDoesNotHave() {
        MqttSettings settings = MqttSettings.of(URI.create("tcp://broker"));
        assertEquals(
                "receiveMaximum must be from 1 to 65535: 0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> settings.withBounds(60, 0, 100, Duration.ofSeconds(30)))
                        .getMessage());
    }
}
