package io.gatehouse.acceptance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All that was written to a router's disk, from one power cut to the next. */
final class Recording {
    private static final long BOOT_BEGIN = 2048;
    private static final long BOOT_END = 67584;

    private final Path folder;
    private final List<Run> runs = new ArrayList<>();

    /**
     * From being switched on to a power cut.
     *
     * @param disk as it was before
     */
    private record Run(Path disk, Path log) {}

    /** Looks at a disk as a power cut left it. */
    @FunctionalInterface
    interface Look {
        void at(Path disk) throws IOException;
    }

    /** Nothing yet; what is written is kept in this folder. */
    Recording(Path folder) {
        this.folder = folder;
    }

    /** Switches it on, and records from there. */
    void switchOn(Router router) throws IOException {
        Path disk = folder.resolve("before-" + runs.size() + ".img");
        Path log = folder.resolve("writes-" + runs.size());
        Router.run(List.of("cp", "--sparse=always", router.disk().toString(), disk.toString()));
        runs.add(new Run(disk, log));
        router.switchOn(log);
    }

    /**
     * Looks at the disk as it was at first, and after each write to the sector that decides what starts; nothing else of the boot loader's partition
     * is written but its copy. Once: it makes those disks one out of the other.
     */
    void replay(Look look) throws IOException {
        look.at(runs.get(0).disk());
        for (Run run : runs) {
            WriteLog log = WriteLog.read(run.log());
            int done = 0;
            for (int next = 0; next < log.writes().size(); next++) {
                WriteLog.Write write = log.writes().get(next);
                if (write.touches(BOOT_BEGIN, BOOT_END)) {
                    if (!BootSector.isOnly(write)) {
                        throw new AssertionError("a write to what nobody writes while a router runs: " + write);
                    }
                }
                if (BootSector.isOf(write)) {
                    log.replay(done, next + 1, run.disk());
                    done = next + 1;
                    look.at(run.disk());
                }
            }
        }
    }
}
