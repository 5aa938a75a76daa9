package com.example.wake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.testkit.FakeInvocation;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WakeTest {
    private static final String MAC = "00:1A:2b:3c-4d-5e";
    private static final String MAGIC = "ffffffffffff" + "001a2b3c4d5e".repeat(16);

    /** Nobody's outside of this machine, and everybody's in it. */
    private static final String LOOPBACK = "127.255.255.255";

    private final Wake wake = new Wake(Duration.ZERO);
    private DatagramSocket sleeper;

    @BeforeEach
    void listen() throws IOException {
        sleeper = new DatagramSocket();
        sleeper.setSoTimeout(5000);
    }

    @AfterEach
    void close() {
        sleeper.close();
    }

    private String received() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[200], 200);
        sleeper.receive(packet);
        return HexFormat.of().formatHex(packet.getData(), 0, packet.getLength());
    }

    private FakeInvocation asked(Map<String, ?> more) {
        Map<String, Object> arguments = new HashMap<>(Map.of("mac", MAC, "port", sleeper.getLocalPort()));
        arguments.putAll(more);
        return new FakeInvocation(arguments);
    }

    @Test
    void sendsTheMagicPacketAndTellsHowFarItIs() throws Exception {
        FakeInvocation asked = asked(Map.of("broadcast", LOOPBACK, "count", 2));
        assertEquals(Outcome.done(Map.of("sent", 2, "to", List.of(LOOPBACK))), wake.handle(asked));
        assertEquals(MAGIC, received());
        assertEquals(MAGIC, received());
        assertEquals(
                List.of(new FakeInvocation.Progress(0.5, "sent 1 of 2"), new FakeInvocation.Progress(1, "sent 2 of 2")),
                asked.told());
    }

    @Test
    void putsThePasswordBehindIt() throws Exception {
        wake.handle(asked(Map.of("broadcast", LOOPBACK, "count", 1, "password", "de:ad:be:ef:00:01")));
        assertEquals(MAGIC + "deadbeef0001", received());
        sleeper.setSoTimeout(1);
        assertThrows(SocketTimeoutException.class, this::received, "it was asked for one");
    }

    @Test
    void reachesTheNetworkOfAnInterface() throws Exception {
        assumeTrue(
                run("id", "-u") == 0
                        && run("ip", "link", "add", "wake-test", "type", "veth", "peer", "name", "wake-peer") == 0,
                "skipped: making a network interface needs root and iproute2 (Debian: apt-get install iproute2)");
        try {
            run("ip", "address", "add", "198.51.100.1/24", "broadcast", "+", "dev", "wake-test");
            BadArgument down =
                    assertThrows(BadArgument.class, () -> wake.handle(asked(Map.of("interface", "wake-test"))));
            assertTrue(down.getMessage().startsWith("interface must be one that is up, of "), down.getMessage());
            run("ip", "link", "set", "wake-peer", "up");
            run("ip", "link", "set", "wake-test", "up");
            Outcome outcome = wake.handle(asked(Map.of("interface", "wake-test", "count", 1)));
            assertEquals(Outcome.done(Map.of("sent", 1, "to", List.of("198.51.100.255"))), outcome);
            assertEquals(MAGIC, received());
        } finally {
            run("ip", "link", "delete", "wake-test");
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    @Test
    void endsWhenItIsCancelled() {
        Wake patient = new Wake(Duration.ofDays(1));
        FakeInvocation asked = asked(Map.of("broadcast", LOOPBACK));
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> patient.handle(asked));
        assertEquals(1, asked.told().size());
    }

    @ParameterizedTest
    @CsvSource({
        "mac, 00:11:22:33:44, 'mac must be six bytes such as 00:11:22:aa:bb:cc: 00:11:22:33:44'",
        "mac, , mac is missing",
        "password, secret, 'password must be six bytes such as 00:11:22:aa:bb:cc: secret'",
        "broadcast, gateway.example, 'broadcast must be an IPv4 address such as 192.168.1.255: gateway.example'",
        "broadcast, 192.168.1.256, broadcast has a number above 255: 192.168.1.256",
        "interface, lo, 'interface must be one with an IPv4 address and a broadcast address: lo'",
        "count, 0, count must be from 1 to 100: 0",
        "port, 70000, port must be from 1 to 65535: 70000"
    })
    void refusesByNameWhatWillNotDo(String name, String value, String words) {
        Map<String, Object> arguments = new HashMap<>(Map.of("mac", MAC));
        arguments.put(name, value != null && value.matches("\\d+") ? Integer.valueOf(value) : value);
        BadArgument refused = assertThrows(BadArgument.class, () -> wake.handle(new FakeInvocation(arguments)));
        assertEquals(words, refused.getMessage());
    }

    @Test
    void refusesToChooseBetweenTwoNetworks() {
        BadArgument refused = assertThrows(
                BadArgument.class, () -> wake.handle(asked(Map.of("broadcast", LOOPBACK, "interface", "lo"))));
        assertEquals("broadcast and interface are both there: leave one of them out", refused.getMessage());
    }
}
