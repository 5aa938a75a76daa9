package io.gatehouse.tasks.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.program.Program;
import io.gatehouse.tasks.Asked;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WifiScanTest {
    private static final int MOST = 256;

    @TempDir
    Path folder;

    @Test
    void readsWhatIwHears() throws Exception {
        assertEquals(
                List.of(
                        told("workshop", "02:00:5e:10:00:01", 1, 2_412_000_000L, -64, "WPA2 PSK"),
                        told("café  \\x5c\\x1b[2J", "02:00:5e:10:00:02", 36, 5_180_000_000L, -47, "WPA2/WPA3 PSK/SAE"),
                        told("", "02:00:5e:10:00:03", 6, 2_437_000_000L, -80, "open"),
                        told("old\\xff", "02:00:5e:10:00:04", 11, 2_462_000_000L, -91, "WEP"),
                        told("six", "02:00:5e:10:00:05", 1, 5_955_000_000L, -65, "WPA3 SAE"),
                        Map.of(
                                "ssid",
                                "office",
                                "bssid",
                                "02:00:5e:10:00:06",
                                "channel",
                                1,
                                "frequency",
                                2_412_000_000L,
                                "security",
                                "WPA/WPA2 802.1X")),
                IwScan.read(resource("iw-scan.txt"), MOST).stream()
                        .map(WifiNetwork::told)
                        .toList());
    }

    @Test
    void readsWhatIwinfoHearsWhateverANameSays() throws Exception {
        assertEquals(
                List.of(
                        told("workshop", "02:00:5e:10:00:01", 11, 2_462_000_000L, -55, "WPA/WPA2 PSK"),
                        told("", "02:00:5e:10:00:02", 36, 5_180_000_000L, -71, "open"),
                        told(
                                "x\"\\x0a          Mode: A\\x0a Signal: -1",
                                "02:00:5e:10:00:03",
                                1,
                                2_412_000_000L,
                                -81,
                                "WPA2 802.1X"),
                        Map.of(
                                "ssid",
                                "a\\x0aCell 09 - Address: \\xff",
                                "bssid",
                                "02:00:5e:10:00:04",
                                "security",
                                "WEP Open/Shared")),
                IwinfoScan.read(resource("iwinfo-scan.txt"), MOST).stream()
                        .map(WifiNetwork::told)
                        .toList());
        assertEquals(
                List.of(
                        told("workshop", "02:00:5e:10:00:01", 1, 5_955_000_000L, -55, "WPA3 SAE"),
                        told("both", "02:00:5e:10:00:02", 1, 2_412_000_000L, -60, "WPA2/WPA3 PSK/SAE")),
                IwinfoScan.read(resource("iwinfo-scan-new.txt"), MOST).stream()
                        .map(WifiNetwork::told)
                        .toList());
    }

    @Test
    void hearsNoMoreNetworksThanItReports() throws Exception {
        assertEquals(2, IwScan.read(resource("iw-scan.txt"), 2).size());
        assertEquals(2, IwinfoScan.read(resource("iwinfo-scan.txt"), 2).size());
        assertEquals(List.of(), IwScan.read("", MOST));
        assertEquals(List.of(), IwinfoScan.read("No scan results\n\n", MOST));
    }

    @Test
    void isUnavailableOnAMachineWithoutARadio() throws Exception {
        assumeTrue(isWithoutRadio(), "this machine has a radio");
        Outcome.Refused refused = (Outcome.Refused) new WifiScan().handle(Asked.with(Map.of()));
        assertEquals("unavailable", refused.problem().type());
        assertEquals(
                "this device has no radio, or no driver for it",
                refused.problem().detail());
        Outcome.Refused wire = (Outcome.Refused) new WifiScan().handle(Asked.with(Map.of("interface", "lo")));
        assertEquals("unavailable", wire.problem().type());
        assertTrue(wire.problem().detail().startsWith("lo is no interface of a radio"), wire::toString);
        assertThrows(BadArgument.class, () -> new WifiScan().handle(Asked.with(Map.of("interface", "nosuch0"))));
    }

    @Test
    void saysWhatTheRealIwSaysWhereItCannotListen() throws Exception {
        assumeTrue(Program.find("iw").isPresent(), "there is no iw");
        Files.createDirectories(folder.resolve("lo/phy80211"));
        Files.createFile(folder.resolve("bonding.masters of no interface"));
        Outcome.Failed failed = (Outcome.Failed) new WifiScan(folder, Program::find).handle(Asked.with(Map.of()));
        assertEquals("not-scanned", failed.problem().type());
        assertTrue(
                failed.problem().detail().matches(".*/iw dev lo scan ended with code [1-9]\\d*: .+"), failed::toString);
    }

    @ParameterizedTest
    @CsvSource({"iw, iw-scan.txt, 6", "iwinfo, iwinfo-scan.txt, 4"})
    void runsTheProgramThatThereIs(String name, String output, int networks) throws Exception {
        Files.createDirectories(folder.resolve("wlan1/wireless"));
        Files.createDirectories(folder.resolve("wlan0/phy80211"));
        Files.createDirectories(folder.resolve("eth0"));
        Path file = folder.resolve("script");
        Path text = folder.resolve("text");
        Files.writeString(text, resource(output), StandardCharsets.ISO_8859_1);
        Files.writeString(file, "#!/bin/sh\necho \"$@\" > " + folder.resolve("arguments") + "\ncat " + text + "\n");
        assertTrue(file.toFile().setExecutable(true));
        WifiScan scan = new WifiScan(
                folder,
                asked -> asked.equals(name) ? Optional.of(Program.of(List.of(file.toString()))) : Optional.empty());
        Outcome.Done done = assertInstanceOf(Outcome.Done.class, scan.handle(Asked.with(Map.of())));
        assertEquals("wlan0", done.result().get("interface"));
        assertEquals(networks, ((List<?>) done.result().get("networks")).size());
        assertEquals(
                name.equals("iw") ? "dev wlan0 scan\n" : "wlan0 scan\n", Files.readString(folder.resolve("arguments")));
    }

    @Test
    void namesThePackageWhereThereIsNoProgram() throws Exception {
        Files.createDirectories(folder.resolve("wlan0/phy80211"));
        Outcome.Refused refused =
                (Outcome.Refused) new WifiScan(folder, name -> Optional.empty()).handle(Asked.with(Map.of()));
        assertEquals("unavailable", refused.problem().type());
        assertTrue(refused.problem().detail().contains("package iw "), refused::toString);
    }

    @ParameterizedTest
    @CsvSource({
        "2412, 1",
        "2472, 13",
        "2484, 14",
        "5180, 36",
        "5825, 165",
        "5935, 2",
        "5955, 1",
        "7115, 233",
        "900, 0",
        "2407, 0"
    })
    void knowsTheChannelOfAFrequency(double mhz, int channel) {
        assertEquals(channel, WifiChannel.of(mhz));
        boolean isAmbiguous = mhz > 5900;
        if (channel > 0 && !isAmbiguous) {
            assertEquals(mhz, WifiChannel.mhz(channel));
        }
    }

    private static Map<String, Object> told(
            String ssid, String bssid, int channel, long frequency, double signal, String security) {
        return Map.of(
                "ssid",
                ssid,
                "bssid",
                bssid,
                "channel",
                channel,
                "frequency",
                frequency,
                "signal",
                signal,
                "security",
                security);
    }

    private static boolean isWithoutRadio() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/sys/class/net"))) {
            return all.noneMatch(
                    wire -> Files.exists(wire.resolve("phy80211")) || Files.exists(wire.resolve("wireless")));
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = WifiScanTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
