package io.gatehouse.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * When a router's guard feeds the watchdog. It runs on this machine, in a namespace where /dev/watchdog is a file that gets a byte for each time; what it
 * waits by takes no time, and ends it after {@value #PERIODS} times.
 */
class GuardTest {
    private static final int PERIODS = 60;

    /** The period in which something happens to the router. */
    private static final int CHANGE = 10;

    private static final String ENTER = """
            set -eu
            mkdir "$1/dev"
            mount -t tmpfs dev "$1/dev"
            for device in null console; do
                : >"$1/dev/$device"
                mount --bind /dev/null "$1/dev/$device"
            done
            : >"$1/dev/watchdog"
            mount --rbind "$1/dev" /dev
            mount -t tmpfs run /run
            truncate -s 2M "$1/disk"
            echo "$3" >/run/gateway.pid
            PATH=$1/programs:$PATH ROUTER_DISK=$1/disk "$2" || :
            cat /run/fed
            """;

    private static final String SLEEP = """
            #!/bin/sh
            wc -c </dev/watchdog >>/run/fed
            periods=$(wc -l </run/fed)
            [ "$periods" != %d ] || { %s; }
            [ "$periods" -lt %d ]
            """;

    private static final Path GUARD =
            Path.of("router/root/usr/lib/router/guard").toAbsolutePath();

    @TempDir
    private Path folder;

    @Test
    void feedsItAsLongAsTheSupervisorRuns() throws Exception {
        assertEquals(PERIODS, fed(":").get(PERIODS - 1));
    }

    @Test
    void feedsItNoMoreWhereTheSupervisorIsGone() throws Exception {
        assertEquals(CHANGE + 6, fed("rm /run/gateway.pid").get(PERIODS - 1));
    }

    @Test
    void feedsItWhileTheRouterGoesDownAndNoLongerThanAMinute() throws Exception {
        List<Integer> fed = fed(": >/run/stopping; rm /run/gateway.pid");
        assertEquals(CHANGE + 12, fed.get(CHANGE + 12 - 1));
        assertEquals(CHANGE + 12, fed.get(PERIODS - 1));
    }

    /** How often it was fed, by each period, where this happens in one of them. */
    private List<Integer> fed(String change) throws Exception {
        Ran.assumeRoot("a router's guard");
        Ran.assumePrograms("a router's guard", "unshare");
        Path sleep = Files.createDirectories(folder.resolve("programs")).resolve("sleep");
        Files.writeString(sleep, SLEEP.formatted(CHANGE, change, PERIODS));
        Files.setPosixFilePermissions(sleep, PosixFilePermissions.fromString("rwxr-xr-x"));
        Ran ran = Ran.of(
                folder,
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "sh",
                Files.writeString(folder.resolve("enter"), ENTER).toString(),
                folder.toString(),
                GUARD.toString(),
                String.valueOf(ProcessHandle.current().pid()));
        List<Integer> fed = ran.well().lines().map(Integer::valueOf).toList();
        assertTrue(fed.size() == PERIODS, ran.said());
        return fed;
    }
}
