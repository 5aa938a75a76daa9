package com.example.amqp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BrokerTest {
    @Test
    void hasTheUsualPortWhereNoneIsSaid() {
        assertEquals("amqps://broker:5671", Broker.at("amqps://broker", "", "").toString());
        assertEquals("amqp://broker:5672", Broker.at("amqp://broker", "", "").toString());
        assertEquals(
                "amqp://broker:7", Broker.at("amqp://broker:7", "me", "secret").toString());
    }

    @Test
    void othersListenWithoutTlsButOnThisMachine() {
        assertTrue(Broker.at("amqp://broker", "", "").othersListen());
        assertFalse(Broker.at("amqps://broker", "", "").othersListen());
        assertFalse(Broker.at("amqp://127.0.0.1", "", "").othersListen());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "broker", "tcp://broker:1883", "amqp://me:secret@broker", "amqp://broker/queue", "amqp:// "})
    void refusesWhatIsNoAddressAndShowsNoPassword(String address) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Broker.at(address, "", ""));
        assertTrue(e.getMessage().contains("amqps://host:port"), e.getMessage());
        assertFalse(e.getMessage().contains("secret"), e.getMessage());
    }
}
