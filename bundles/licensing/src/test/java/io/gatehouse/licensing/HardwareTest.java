package io.gatehouse.licensing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.protocol.license.HardwareLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On files as the kernel has them. */
final class HardwareTest {
    @TempDir
    Path root;

    @Test
    void findsWhatTellsThisMachineFromItsSisters() throws Exception {
        put("sys/class/net/eth0/address", "02:FC:00:00:00:05\n");
        put("sys/class/net/eth0/addr_assign_type", "0\n");
        Files.createDirectories(root.resolve("sys/class/net/eth0/device"));
        put("sys/firmware/devicetree/base/serial-number", "10000000a1b2c3d4\0");
        put("sys/block/mmcblk0/device/cid", "150100424a54443452\n");
        put("sys/block/nvme0n1/wwid", "eui.0025385b71b01234\n");
        put("sys/devices/usb1/1-2/serial", "861536030196001\n");
        Files.createDirectories(root.resolve("sys/devices/usb1/1-2/1-2:1.4"));
        Files.createDirectories(root.resolve("sys/class/usbmisc/cdc-wdm0"));
        Files.createSymbolicLink(
                root.resolve("sys/class/usbmisc/cdc-wdm0/device"), root.resolve("sys/devices/usb1/1-2/1-2:1.4"));
        assertEquals(
                Set.of(
                        HardwareLock.fingerprint("mac", "02:fc:00:00:00:05"),
                        HardwareLock.fingerprint("board", "10000000a1b2c3d4"),
                        HardwareLock.fingerprint("storage", "150100424a54443452"),
                        HardwareLock.fingerprint("storage", "eui.0025385b71b01234"),
                        HardwareLock.fingerprint("modem", "861536030196001")),
                new Hardware(root).fingerprints());
    }

    @Test
    void passesOverNumbersThatAreNone() throws Exception {
        put("sys/class/net/br0/address", "02:fc:00:00:00:05\n");
        put("sys/class/net/br0/addr_assign_type", "0\n");
        put("sys/class/net/wlan0/address", "02:fc:00:00:00:06\n");
        put("sys/class/net/wlan0/addr_assign_type", "3\n");
        Files.createDirectories(root.resolve("sys/class/net/wlan0/device"));
        put("sys/class/dmi/id/board_serial", "To Be Filled By O.E.M.\n");
        put("sys/class/dmi/id/product_serial", "\n");
        put("sys/class/dmi/id/product_uuid", "00000000-0000-0000-0000-000000000000\n");
        put("sys/class/usbmisc/hiddev0/x", "1");
        assertEquals(Set.of(), new Hardware(root).fingerprints());
    }

    @Test
    void findsTheSameOnThisMachineEachTime() {
        Set<String> prints = new Hardware(Path.of("/")).fingerprints();
        assertEquals(prints, new Hardware(Path.of("/")).fingerprints());
        assertTrue(prints.stream().allMatch(one -> one.matches("(mac|board|storage|modem):[A-Za-z0-9_-]{22}")));
    }

    private void put(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
