package io.gatehouse.tunnel.ssh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
    @Test
    void isTheSameInEachOfItsSpellings() {
        assertEquals(HostPort.parse("relay.example:22"), HostPort.parse("Relay.EXAMPLE:22"));
        assertEquals(HostPort.parse("[::1]:22"), HostPort.parse("[0:0:0:0:0:0:0:1]:22"));
        assertEquals(HostPort.parse("127.0.0.1:22"), HostPort.parse("[::ffff:127.0.0.1]:22"));
        assertEquals(
                HostPort.parse("127.0.0.1:22"),
                HostPort.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 22)));
    }

    @Test
    void isAnotherUnderAnotherName() {
        assertNotEquals(HostPort.parse("127.0.0.1:22"), HostPort.parse("localhost:22"));
        assertNotEquals(HostPort.parse("127.0.0.1:22"), HostPort.parse("127.0.0.1:23"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "relay",
                "relay:",
                "relay:0",
                "relay:022",
                "relay:65536",
                ":22",
                "127.1:22",
                "2130706433:22",
                "0x7f.1:22",
                "127.0.0.01:22",
                "256.0.0.1:22",
                "::1:22",
                "[::1:22",
                "[relay]:22",
                "[fe80::1%eth0]:22",
                "re lay:22",
                "relay\n:22",
                "-relay:22",
                "user@relay:22"
            })
    void isNothingThatAResolverMightReadAnotherWay(String text) {
        assertThrows(IllegalArgumentException.class, () -> HostPort.parse(text));
    }
}
