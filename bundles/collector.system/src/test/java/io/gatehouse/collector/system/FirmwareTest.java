package io.gatehouse.collector.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FirmwareTest {
    @TempDir
    Path root;

    @Test
    void saysWhatARouterRuns() {
        new Machine(root)
                .with("etc/os-release", """
                        NAME="OpenWrt"
                        VERSION="22.03.5"
                        ID="openwrt"
                        ID_LIKE="lede openwrt"
                        VERSION_ID="22.03.5"
                        BUILD_ID="r20134-5f15225c1e"
                        """)
                .with("etc/openwrt_release", """
                        DISTRIB_ID='OpenWrt'
                        DISTRIB_RELEASE='22.03.5'
                        DISTRIB_REVISION='r20134-5f15225c1e'
                        DISTRIB_TARGET='ramips/mt7621'
                        DISTRIB_ARCH='mipsel_24kc'
                        DISTRIB_TAINTS=''
                        """)
                .with("proc/sys/kernel/osrelease", "5.10.176\n")
                .with("proc/sys/kernel/arch", "mips\n")
                .with("tmp/sysinfo/model", "D-Link DWR-960 A1\n");
        assertEquals(
                Map.of(
                        "os",
                        Map.of("id", "openwrt", "name", "OpenWrt", "version", "22.03.5", "build", "r20134-5f15225c1e"),
                        "openwrt",
                        Map.of(
                                "id",
                                "OpenWrt",
                                "release",
                                "22.03.5",
                                "revision",
                                "r20134-5f15225c1e",
                                "target",
                                "ramips/mt7621",
                                "arch",
                                "mipsel_24kc"),
                        "kernel",
                        "5.10.176",
                        "machine",
                        "mips",
                        "model",
                        "D-Link DWR-960 A1",
                        "java",
                        Runtime.version().toString()),
                new Firmware(root).read().values());
    }

    @Test
    void readsUnquotedValuesAndTheFallbackFile() {
        new Machine(root).with("usr/lib/os-release", "# comment\nID=debian\nVERSION_ID=12\n");
        assertEquals(
                Map.of("id", "debian", "version", "12"),
                new Firmware(root).read().values().get("os"));
    }

    @Test
    void endsTheDeviceTreesModelBeforeItsZeroByte() {
        new Machine(root).with("proc/device-tree/model", "Raspberry Pi 4 Model B\0");
        assertEquals(
                "Raspberry Pi 4 Model B", new Firmware(root).read().values().get("model"));
    }

    @Test
    void saysTheLittleItKnowsOfABareMachine() {
        assertEquals(
                Map.of(
                        "machine",
                        System.getProperty("os.arch"),
                        "java",
                        Runtime.version().toString()),
                new Firmware(root).read().values());
    }

    @Test
    void readsThisMachine() {
        Map<String, Object> values = new Firmware().read().values();
        assertEquals(System.getProperty("os.version"), values.get("kernel"));
        assertFalse(((Map<?, ?>) values.get("os")).isEmpty());
    }
}
