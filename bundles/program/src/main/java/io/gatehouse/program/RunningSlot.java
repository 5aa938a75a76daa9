package io.gatehouse.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which of a machine's slots runs, where what writes them does not say: the block device below {@code /}, for example {@code /dev/mmcblk0p2}. Where
 * others stand on one, as dm-verity does, it is that one; where the kernel has no block device for it, as for UBIFS, it is what was mounted.
 */
public final class RunningSlot {
    /** What is the same in each slot. */
    private static final Set<String> NO_SLOTS = Set.of("none", "rootfs", "overlay", "tmpfs", "ramfs", "/dev/root");

    private RunningSlot() {}

    /**
     * The one that runs.
     *
     * @param command as of {@link Program#configured}, whose last line says it; empty for the device below {@code /}
     * @throws IOException where nothing says it, as where {@code /} is an overlay
     */
    public static String of(List<String> command) throws IOException, InterruptedException {
        return command.isEmpty()
                ? of(Path.of("/proc/self/mountinfo"), Path.of("/sys/dev/block"))
                : Program.configured(command).runWell().output().lastLine();
    }

    static String of(Path mounts, Path devices) throws IOException {
        String[] root = Files.readAllLines(mounts).stream()
                .map(line -> line.split(" "))
                .filter(mount -> mount.length > 6 && mount[4].equals("/"))
                .reduce((below, above) -> above)
                .orElseThrow(() -> new IOException(mounts + " has no mount of /"));
        Optional<String> device = device(devices.resolve(root[2]));
        if (device.isPresent()) {
            return device.get();
        }
        String mounted = mounted(root);
        if (NO_SLOTS.contains(mounted)) {
            throw new IOException("/ is mounted from '" + mounted
                    + "', which does not tell one slot from another: configure a command that does, as slot");
        }
        return mounted;
    }

    /** Behind the hyphen come the type and what was mounted. */
    private static String mounted(String... mount) {
        int hyphen = List.of(mount).lastIndexOf("-");
        return hyphen + 2 < mount.length ? mount[hyphen + 2] : "none";
    }

    private static Optional<String> device(Path folder) throws IOException {
        Path device = folder;
        for (Optional<Path> below = below(device); below.isPresent(); below = below(device)) {
            device = below.get();
        }
        Path said = device.resolve("uevent");
        if (!Files.isRegularFile(said)) {
            return Optional.empty();
        }
        return Files.readAllLines(said).stream()
                .filter(line -> line.startsWith("DEVNAME="))
                .map(line -> "/dev/" + line.substring("DEVNAME=".length()))
                .findFirst();
    }

    private static Optional<Path> below(Path device) throws IOException {
        Path folder = device.resolve("slaves");
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> devices = Files.list(folder)) {
            return devices.sorted().findFirst();
        }
    }
}
