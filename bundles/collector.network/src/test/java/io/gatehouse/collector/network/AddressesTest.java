package io.gatehouse.collector.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.telemetry.Reading;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The addresses of a router with a LAN bridge, a port without cable and an LTE modem. */
final class AddressesTest {
    @TempDir
    Path root;

    private Machine machine;

    @BeforeEach
    void make() {
        machine = new Machine(root)
                .withLink("lo", "0x9", "unknown", 65536, "00:00:00:00:00:00")
                .withLink("br-lan", "0x1003", "up", 1500, "00:11:22:33:44:55")
                .withLink("eth1", "0x1003", "down", 1500, "00:11:22:33:44:56")
                .withLink("wwan0", "0x10d1", "unknown", 1430, "")
                .with("sys/class/net/bonding_masters", "\n")
                .with(
                        "etc/resolv.conf",
                        "search lan\nnameserver 10.0.0.1\nnameserver 2001:db8::53\nnameserver 10.0.0.1\n");
    }

    @Test
    void saysTheInterfacesOfVersion4() throws IOException {
        assertEquals(
                List.of(
                        Map.of(
                                "name",
                                "br-lan",
                                "up",
                                true,
                                "mtu",
                                1500,
                                "mac",
                                "00:11:22:33:44:55",
                                "addresses",
                                List.of(Map.of("address", "192.168.1.1", "prefix", 24))),
                        Map.of(
                                "name",
                                "eth1",
                                "up",
                                false,
                                "mtu",
                                1500,
                                "mac",
                                "00:11:22:33:44:56",
                                "addresses",
                                List.of()),
                        Map.of(
                                "name",
                                "wwan0",
                                "up",
                                true,
                                "mtu",
                                1430,
                                "addresses",
                                List.of(Map.of("address", "10.64.3.7", "prefix", 32)))),
                v4(false).values().get("interfaces"));
    }

    @Test
    void saysTheAddressesOfVersion6WithTheirScopes() throws IOException {
        Reading reading = v6();
        assertEquals(
                List.of(
                        Map.of("address", "2001:db8:1::1", "prefix", 64, "scope", "global"),
                        Map.of("address", "fd00::1", "prefix", 48, "scope", "global"),
                        Map.of("address", "fe80::211:22ff:fe33:4455", "prefix", 64, "scope", "link")),
                ((Map<?, ?>) ((List<?>) reading.values().get("interfaces")).get(0)).get("addresses"));
        assertEquals(List.of("2001:db8::53"), reading.values().get("dns"));
    }

    @Test
    void readsTheLoopbackOnlyWhereAskedTo() throws IOException {
        assertEquals(3, ((List<?>) v4(false).values().get("interfaces")).size());
        assertEquals(
                Map.of(
                        "name",
                        "lo",
                        "up",
                        true,
                        "mtu",
                        65536,
                        "addresses",
                        List.of(Map.of("address", "127.0.0.1", "prefix", 8))),
                ((List<?>) v4(true).values().get("interfaces")).get(2));
    }

    @Test
    void saysTheDefaultRoutesOfVersion4BestFirst() throws IOException {
        machine.with("proc/net/route", """
                Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
                eth1	00000000	FE01A8C0	0003	0	0	20	00000000	0	0	0
                wwan0	00000000	00000000	0001	0	0	10	00000000	0	0	0
                br-lan	0001A8C0	00000000	0001	0	0	0	00FFFFFF	0	0	0
                eth9	00000000	0101A8C0	0002	0	0	0	00000000	0	0	0
                eth9	00000000	0101A8C0	0003	0	0	0	00000080	0	0	0
                """);
        assertEquals(
                List.of(
                        Map.of("interface", "wwan0", "metric", 10L),
                        Map.of("address", "192.168.1.254", "interface", "eth1", "metric", 20L)),
                v4(false).values().get("gateways"));
    }

    @Test
    void readsRoutesOfABigEndianMachine() throws IOException {
        machine.with("proc/net/route", "Iface\neth0 00000000 C0A801FE 0003 0 0 0 00000000 0 0 0\n");
        Ipv4 mips = new Ipv4(root, AddressesTest::addresses, false, ByteOrder.BIG_ENDIAN);
        assertEquals(
                List.of(Map.of("address", "192.168.1.254", "interface", "eth0", "metric", 0L)),
                mips.read().values().get("gateways"));
    }

    @Test
    void saysTheDefaultRoutesOfVersion6() throws IOException {
        String none = "00000000000000000000000000000000";
        machine.with(
                "proc/net/ipv6_route",
                String.join(
                        "\n",
                        "fe800000000000000000000000000000 40 " + none + " 00 " + none
                                + " 00000100 00000001 0 00000001 eth0",
                        none + " 00 " + none + " 00 fe800000000000000000000000000001 00000400 00000002 0 00000003 eth0",
                        none + " 00 " + none + " 00 " + none + " ffffffff 00000001 00000000 00200200       lo",
                        ""));
        assertEquals(
                List.of(Map.of("address", "fe80::1", "interface", "eth0", "metric", 1024L)),
                v6().values().get("gateways"));
    }

    @Test
    void saysTheServersBehindAResolverOfItsOwn() throws IOException {
        machine.with("etc/resolv.conf", "search lan\nnameserver 127.0.0.1\nnameserver ::1\n");
        assertEquals(List.of("127.0.0.1"), v4(false).values().get("dns"));
        machine.with("tmp/resolv.conf.d/resolv.conf.auto", "# Interface wan\nnameserver 9.9.9.9\n");
        assertEquals(List.of("9.9.9.9"), v4(false).values().get("dns"));
        assertEquals(List.of(), v6().values().get("dns"));
    }

    @Test
    void saysTheSameOfAMachineThatDidNotChange() throws IOException {
        assertEquals(v4(false), v4(false));
        assertEquals(v6(), v6());
    }

    @ParameterizedTest
    @CsvSource({
        "::1, ::1",
        "::, ::",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:DB8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "fe80::, fe80::",
        "1:0:0:2:0:0:0:3, 1:0:0:2::3"
    })
    void writesAddressesAsIsUsual(String address, String text) throws IOException {
        assertEquals(text, Text.of(InetAddress.getByName(address)));
    }

    @Test
    void readsThisMachine() throws IOException {
        Reading here = new Ipv4(Path.of("/"), Address::ofThisMachine, true, ByteOrder.nativeOrder()).read();
        assertTrue(here.toString().contains("{address=127.0.0.1, prefix=8}"), here.toString());
        new Ipv6(Path.of("/"), Address::ofThisMachine, true).read();
    }

    private Reading v4(boolean hasLoopback) throws IOException {
        return new Ipv4(root, AddressesTest::addresses, hasLoopback, ByteOrder.LITTLE_ENDIAN).read();
    }

    private Reading v6() throws IOException {
        return new Ipv6(root, AddressesTest::addresses, false).read();
    }

    private static Map<String, List<Address>> addresses() throws IOException {
        return Map.of(
                "lo", List.of(address("127.0.0.1", 8), address("::1", 128)),
                "br-lan",
                        List.of(
                                address("fe80::211:22ff:fe33:4455", 64),
                                address("fd00::1", 48),
                                address("192.168.1.1", 24),
                                address("2001:db8:1::1", 64)),
                "wwan0", List.of(address("10.64.3.7", 32)));
    }

    private static Address address(String text, int prefix) throws IOException {
        return new Address(InetAddress.getByName(text), prefix);
    }
}
