package com.example.modbus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressTest {
    @ParameterizedTest
    @CsvSource({"192.168.1.20, 192.168.1.20", "0.0.0.255, 0.0.0.255", "fe80::1, fe80:0:0:0:0:0:0:1", "[::1], 0:0:0:0:0:0:0:1"})
    void isReadAsItIs(String text, String address) {
        assertEquals(address, Address.of(text).getHostAddress());
    }

    /** Of each of these somebody would ask a name server, but for the last. */
    @ParameterizedTest
    @ValueSource(strings = {"localhost", "boiler.example", "192.168.1.256", "192.168.1", "1.2.3.4.", "boiler:1"})
    void isNoName(String text) {
        assertEquals(
                "host must be an address, such as 192.168.1.20, as a name server may take too long: " + text,
                assertThrows(IllegalArgumentException.class, () -> Address.of(text))
                        .getMessage());
    }

    @Test
    void isWrittenWithItsPortAsInAUri() {
        assertEquals("unit 1 at [0:0:0:0:0:0:0:1]:502", new Line(Address.of("::1"), 502, 1).toString());
    }
}
