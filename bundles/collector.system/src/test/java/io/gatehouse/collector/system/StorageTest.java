package io.gatehouse.collector.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.collector.system.Storage.Room;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StorageTest {
    private static final String OPENWRT = """
            /dev/root /rom squashfs ro,relatime,errors=continue 0 0
            proc /proc proc rw,nosuid,nodev,noexec,noatime 0 0
            sysfs /sys sysfs rw,nosuid,nodev,noexec,noatime 0 0
            cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nodev,noexec,relatime 0 0
            tmpfs /tmp tmpfs rw,nosuid,nodev,noatime 0 0
            /dev/mtdblock6 /overlay jffs2 rw,noatime 0 0
            overlayfs:/overlay / overlay rw,noatime,lowerdir=/,upperdir=/overlay/upper,workdir=/overlay/work 0 0
            tmpfs /dev tmpfs rw,nosuid,noexec,noatime,size=512k,mode=755 0 0
            devpts /dev/pts devpts rw,nosuid,noexec,noatime,mode=600,ptmxmode=000 0 0
            debugfs /sys/kernel/debug debugfs rw,noatime 0 0
            /dev/sda1 /mnt/usb\\040stick vfat ro,relatime 0 0
            """;

    @TempDir
    Path root;

    @Test
    void readsARoutersFlashAndNoPseudoFileSystem() throws IOException {
        assertEquals(List.of("/rom", "/overlay", "/", "/mnt/usb stick"), points(OPENWRT));
    }

    @Test
    void aFileThatIsMountedIsNoStorage() throws IOException {
        Path file = Files.writeString(root.resolve("resolv.conf"), "");
        assertEquals(new Storage.Room(0, 0, 0), Storage.Room.of(file.toString()));
        assertTrue(Storage.Room.of(root.toString()).total() > 0);
    }

    @Test
    void saysAllOfAMount() throws IOException {
        List<Map<String, Object>> mounts = mounts(OPENWRT);
        assertEquals(
                Map.of(
                        "mountpoint",
                        "/mnt/usb stick",
                        "device",
                        "/dev/sda1",
                        "type",
                        "vfat",
                        "readOnly",
                        true,
                        "total",
                        100L,
                        "free",
                        50L,
                        "usable",
                        40L),
                mounts.get(3));
        assertEquals(false, mounts.get(1).get("readOnly"));
    }

    @Test
    void saysADeviceOnceWhereverItIsMounted() throws IOException {
        assertEquals(List.of("/data"), points("""
                /dev/vda1 /etc/hostname ext4 rw 0 0
                /dev/vda1 /data ext4 rw 0 0
                /dev/vda1 /etc/hosts ext4 rw 0 0
                """));
    }

    @Test
    void asksNothingOfOtherMachinesAndOfPackages() throws IOException {
        List<String> asked = new ArrayList<>();
        new Machine(root).with("proc/self/mounts", """
                nas:/export /mnt/nas nfs4 rw 0 0
                //nas/share /mnt/share cifs rw 0 0
                /dev/loop3 /snap/core/1 squashfs ro,nodev 0 0
                /dev/vda1 / ext4 rw 0 0
                """);
        new Storage(root, point -> {
                    asked.add(point);
                    return new Room(1, 1, 1);
                })
                .read();
        assertEquals(List.of("/"), asked);
    }

    @Test
    void leavesOutWhatHasNoSize() throws IOException {
        new Machine(root).with("proc/self/mounts", "/dev/vda1 / ext4 rw 0 0\nportal /run/doc fuse.portal rw 0 0\n");
        Storage storage = new Storage(root, point -> new Room(point.equals("/") ? 10 : 0, 0, 0));
        assertEquals(1, ((List<?>) storage.read().values().get("mounts")).size());
    }

    @Test
    void saysNothingWhereNothingIsMounted() throws IOException {
        new Machine(root).with("proc/self/mounts", "proc /proc proc rw 0 0\n");
        assertTrue(new Storage(root, point -> new Room(1, 1, 1)).read().isNothing());
    }

    @Test
    void readsTheRoomOfThisMachine() {
        Room room = Room.of("/");
        assertTrue(room.total() > 0 && room.free() <= room.total() && room.usable() <= room.free(), room.toString());
    }

    private List<String> points(String mounts) throws IOException {
        return mounts(mounts).stream()
                .map(mount -> (String) mount.get("mountpoint"))
                .toList();
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> mounts(String text) throws IOException {
        new Machine(root).with("proc/self/mounts", text);
        Storage storage = new Storage(root, point -> new Room(100, 50, 40));
        return (List<Map<String, Object>>) storage.read().values().get("mounts");
    }
}
