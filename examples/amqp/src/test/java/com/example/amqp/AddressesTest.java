package com.example.amqp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AddressesTest {
    @ParameterizedTest
    @CsvSource({
        "dwr/311-a1/x/status, dwr.311-a1.x.status",
        "dwr/desired/#, dwr.desired.#",
        "dwr/cmd/+, dwr.cmd.*",
        "d/desired/configuration/io.gatehouse.outbox, d.desired.configuration.io\\.gatehouse\\.outbox",
        "a*b/c\\d, a\\*b.c\\\\d"
    })
    void addressIsAsArtemisHasIt(String topic, String address) {
        assertEquals(address, Addresses.of(topic));
        if (!topic.contains("+")) {
            assertEquals(topic, Addresses.topic(address));
        }
    }
}
