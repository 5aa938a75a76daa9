package io.gatehouse.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunningSlotTest {
    private static final String PROC = "21 26 0:20 / /proc rw,relatime - proc proc rw\n";

    @TempDir
    Path folder;

    @Test
    void isTheBlockDeviceBelowRoot() throws Exception {
        device("179:2", "MAJOR=179\nMINOR=2\nDEVNAME=mmcblk0p2\nDEVTYPE=partition\n");
        assertEquals("/dev/mmcblk0p2", slot(PROC + "26 1 179:2 / / ro,noatime shared:1 - squashfs /dev/root ro\n"));
    }

    @Test
    void isTheDeviceThatAnotherStandsOn() throws Exception {
        device("179:3", "DEVNAME=mmcblk0p3\n");
        Path verity = device("254:0", "DEVNAME=dm-0\n");
        Files.createDirectory(verity.resolve("slaves"));
        Files.createSymbolicLink(verity.resolve("slaves/mmcblk0p3"), folder.resolve("block/179:3"));
        assertEquals("/dev/mmcblk0p3", slot("26 1 254:0 / / ro - squashfs /dev/dm-0 ro\n"));
    }

    @Test
    void isWhatWasMountedWhereThatIsNoBlockDevice() throws Exception {
        assertEquals("ubi0:rootfs_b", slot("26 1 0:14 / / ro - ubifs ubi0:rootfs_b ro\n"));
    }

    @Test
    void isOfTheRootThatWasMountedLast() throws Exception {
        device("179:2", "DEVNAME=mmcblk0p2\n");
        assertEquals(
                "/dev/mmcblk0p2", slot("1 1 0:2 / / rw - rootfs rootfs rw\n26 1 179:2 / / ro - ext4 /dev/root ro\n"));
    }

    @Test
    void refusesToGuessWhereAnOverlayIsRoot() {
        IOException e = assertThrows(
                IOException.class, () -> slot("26 1 0:30 / / rw - overlay overlay rw,lowerdir=/a,upperdir=/b\n"));
        assertTrue(e.getMessage().contains("'overlay'") && e.getMessage().contains("as slot"), e.getMessage());
    }

    @Test
    void isWhatAConfiguredProgramSaysLast() throws Exception {
        assertEquals("rootfs.1", RunningSlot.of(List.of("printf", "looking\\nrootfs.1\\n")));
    }

    @Test
    void saysWhyAConfiguredProgramDoesNotSayIt() {
        IOException e =
                assertThrows(IOException.class, () -> RunningSlot.of(List.of("sh", "-c", "echo lost >&2; exit 3")));
        assertTrue(e.getMessage().endsWith("ended with code 3: lost"), e.getMessage());
        e = assertThrows(IOException.class, () -> RunningSlot.of(List.of("no-such-program")));
        assertEquals("this machine has no program no-such-program", e.getMessage());
    }

    private Path device(String number, String uevent) throws IOException {
        Path device = Files.createDirectories(folder.resolve("block").resolve(number));
        Files.writeString(device.resolve("uevent"), uevent);
        return device;
    }

    private String slot(String mounts) throws IOException {
        return RunningSlot.of(Files.writeString(folder.resolve("mountinfo"), mounts), folder.resolve("block"));
    }
}
