package io.gatehouse.firmware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Problem;
import io.gatehouse.api.device.Inhibitor;
import io.gatehouse.api.device.Inhibitors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoAheadTest {
    private static final String TABLE =
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";

    @TempDir
    Path root;

    @Test
    void mayWhereNobodyMinds() {
        assertEquals(
                Optional.empty(), goAhead(List.of(Optional::empty), false, 0).hindrance());
    }

    @Test
    void namesAllWhoMindAndPassesOverOneThatThrows() {
        Inhibitor broken = () -> {
            throw new IllegalStateException("of somebody else");
        };
        List<Inhibitor> all =
                List.of(() -> Optional.of("a tunnel is open"), broken, () -> Optional.of("a terminal is open"));
        assertEquals(
                Optional.of(new Problem("inhibited", "a tunnel is open; a terminal is open")),
                goAhead(all, true, 0).hindrance());
    }

    @Test
    void mindsAChangeOfTheSoftware() {
        assertEquals("changing", type(goAhead(List.of(), true, 0)));
    }

    @Test
    void mindsTheDefaultRouteWithTheLowestMetricByAMeteredInterface() throws IOException {
        write(
                "proc/net/route",
                TABLE + "eth0\t00000000\t0101A8C0\t0003\t0\t0\t200\t00000000\t0\t0\t0\n"
                        + "wwan0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
                        + "wwan1\t0000A8C0\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n");
        assertEquals("the default route goes out by wwan0", detail(goAhead(List.of(), false, 0)));
        write(
                "proc/net/route",
                TABLE + "eth0\t00000000\t0101A8C0\t0003\t0\t0\t50\t00000000\t0\t0\t0\n"
                        + "wwan0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n");
        assertEquals("", type(goAhead(List.of(), false, 0)));
    }

    @Test
    void looksAtIpv6WhereThereIsNoOtherDefaultRoute() throws IOException {
        write("proc/net/route", TABLE);
        String none = "0".repeat(32);
        write(
                "proc/net/ipv6_route",
                none + " 00 " + none + " 00 " + none + " ffffffff 00000001 00000000 00200200       lo\n" + none + " 00 "
                        + none + " 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003    wwan0\n");
        assertEquals("metered", type(goAhead(List.of(), false, 0)));
    }

    @Test
    void mindsAnEmptyBatteryThatAloneFeedsTheMachine() throws IOException {
        supply("BAT0", "Battery", "capacity", "29");
        assertEquals("", type(goAhead(List.of(), false, 0)));
        assertEquals("", type(goAhead(List.of(), false, 29)));
        assertEquals("the battery is below 30 percent", detail(goAhead(List.of(), false, 30)));
        supply("AC", "Mains", "online", "1");
        assertEquals("", type(goAhead(List.of(), false, 30)));
        supply("AC", "Mains", "online", "0");
        assertEquals("battery", type(goAhead(List.of(), false, 30)));
    }

    @Test
    void batteryOfAnotherDeviceDoesNotCount() throws IOException {
        supply("mouse", "Battery", "capacity", "3");
        write("sys/class/power_supply/mouse/scope", "Device\n");
        supply("BAT1", "Battery", "capacity", "2");
        write("sys/class/power_supply/BAT1/present", "0\n");
        assertEquals("", type(goAhead(List.of(), false, 30)));
    }

    @Test
    void refusesAPercentageThatIsNone() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> goAhead(List.of(), false, 101));
        assertTrue(String.valueOf(refused.getMessage()).endsWith(": 101"));
    }

    private GoAhead goAhead(List<Inhibitor> inhibitors, boolean isChanging, int battery) {
        return new GoAhead(new Inhibitors(() -> inhibitors), () -> isChanging, Set.of("wwan0", "wwan1"), battery, root);
    }

    private static String type(GoAhead goAhead) {
        return goAhead.hindrance().map(Problem::type).orElse("");
    }

    private static String detail(GoAhead goAhead) {
        return goAhead.hindrance().map(Problem::detail).orElse("");
    }

    private void supply(String name, String type, String member, String value) throws IOException {
        write("sys/class/power_supply/" + name + "/type", type + "\n");
        write("sys/class/power_supply/" + name + "/" + member, value + "\n");
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
