package io.gatehouse.images;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The service of the package for Debian, under a systemd of its own: process 1 of namespaces of its own, on this very system with an overlay in memory over
 * it. So all that holds the gateway in is real.
 */
@ExtendWith(Images.class)
class DebianServiceTest {
    /** Installs the package, and has systemd do nothing but /mnt/script. Ends with 75 where this machine lets nobody make a group of processes. */
    private static final String BOOT = """
            set -eu
            given=$1
            over=$2
            mount -t tmpfs over "$over"
            mkdir "$over/upper" "$over/work" "$over/root" "$over/groups"
            group=$over/groups/gatehouse-test-$$
            { mount -t cgroup2 groups "$over/groups" && mkdir "$group" && echo 0 >"$group/cgroup.procs"; } || {
                echo "it may make no group of processes (cgroup2)"
                exit 75
            }
            unshare --mount --propagation private --pid --fork --cgroup --uts --ipc --net sh -eu -c '
                given=$1
                over=$2
                root=$over/root
                mount -t overlay overlay -o "lowerdir=/,upperdir=$over/upper,workdir=$over/work" "$root"
                mount -t proc proc "$root/proc"
                mount -t sysfs -o ro sysfs "$root/sys"
                mount -t cgroup2 groups "$root/sys/fs/cgroup"
                mount -t tmpfs -o mode=755 dev "$root/dev"
                mkdir "$root/dev/pts" "$root/dev/shm"
                mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$root/dev/pts"
                ln -s pts/ptmx "$root/dev/ptmx"
                for device in null zero full random urandom tty; do
                    : >"$root/dev/$device"
                    mount --bind "/dev/$device" "$root/dev/$device"
                done
                mount -t tmpfs run "$root/run"
                mount -t tmpfs tmp "$root/tmp"
                mkdir -p "$root/mnt" "$root/before"
                mount --bind "$given" "$root/mnt"
                cd "$root"
                mount --make-rprivate /
                pivot_root . before
                umount -l /before
                mount --make-rshared /
                cd /
                env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive dpkg -i /mnt/package.deb
                cp -R /mnt/units/. /etc/systemd/system
                exec env -i container=lxc PATH=/usr/sbin:/usr/bin:/sbin:/bin \\
                    /lib/systemd/systemd --system --unit=trial.service --show-status=no
            ' sh "$given" "$over" || :
            find "$group" -mindepth 1 -depth -type d -exec rmdir {} +
            echo 0 >"$over/groups/cgroup.procs"
            rmdir "$group"
            """;

    private static final String TRIAL = """
            [Unit]
            DefaultDependencies=no
            [Service]
            Type=oneshot
            ExecStart=/bin/sh -eu /mnt/script
            StandardOutput=append:/mnt/said
            StandardError=append:/mnt/said
            ExecStopPost=/bin/systemctl exit --force
            """;

    /** Less to wait for than what the package says, and enough for a start. */
    private static final String DROP_IN = """
            [Unit]
            DefaultDependencies=no
            [Service]
            WatchdogSec=20
            RestartSec=1
            StandardOutput=append:/mnt/log
            StandardError=append:/mnt/log
            ExecStartPre=/bin/sh /mnt/reach
            """;

    /** Says what a process of the service may: write to the system, be another user, see devices, mount. */
    private static final String REACH = """
            may() { if "$@" >/dev/null 2>&1; then echo yes; else echo no; fi; }
            echo "reaches: $(may touch /etc/reached) $(may setpriv --reuid gatehouse --clear-groups true) \\
            $(may test -e /dev/trial) $(may mount -t tmpfs trial /srv)"
            """;

    private static final String SCRIPT = """
            until_true() {
                tries=0
                until "$@"; do
                    tries=$((tries + 1))
                    [ $tries -lt 120 ] || { echo "not so in time: $*"; exit 1; }
                    sleep 1
                done
            }
            shows() { systemctl show --value -p "$1" gatehouse; }
            started() { [ "$(grep -c 'bundles, started in' /mnt/log)" = "$1" ]; }
            spoke_since() { [ "$(shows WatchdogTimestampMonotonic)" != "$1" ]; }
            restarted() { [ "$(shows NRestarts)" = 1 ]; }
            echo 'gatehouse.device=test/image/1' >>/etc/gatehouse/gateway.properties
            : >/dev/trial
            : >/mnt/log
            systemctl start gatehouse
            until_true started 1
            until_true spoke_since "$(shows WatchdogTimestampMonotonic)"
            until_true spoke_since "$(shows WatchdogTimestampMonotonic)"
            echo "speaks, after $(shows NRestarts) restarts"
            java=$(pgrep -x java -P "$(shows MainPID)")
            kill -STOP "$java"
            until_true restarted
            until_true started 2
            ! kill -0 "$java" 2>/dev/null || echo "what hangs is still there"
            systemctl stop gatehouse
            echo "restarted, then stopped: $(shows Result)"
            echo "as it is, it $(grep reaches: /mnt/log | sort -u)"
            install -D -m 644 /usr/share/doc/gatehouse/examples/root.conf /etc/systemd/system/gatehouse.service.d/root.conf
            systemctl daemon-reload
            : >/mnt/log
            systemctl start gatehouse
            until_true started 1
            echo "as root, it $(grep reaches: /mnt/log | sort -u)"
            systemctl stop gatehouse
            rm /etc/systemd/system/gatehouse.service.d/root.conf
            systemctl daemon-reload
            : >/mnt/log
            systemctl start gatehouse
            until_true started 1
            dpkg --purge gatehouse >/mnt/purged 2>&1 || echo "not purged: $(cat /mnt/purged)"
            for left in /var/lib/gatehouse /run/gatehouse /etc/gatehouse /usr/share/gatehouse; do
                [ ! -e "$left" ] || echo "left: $left"
            done
            getent passwd gatehouse || getent group gatehouse || echo "purged: $(shows ActiveState)"
            """;

    @TempDir
    private Path folder;

    @Test
    void goesOnAsLongAsItSaysSoReachesAsFarAsItIsLetAndGoesWithItsPackage(Images images) throws Exception {
        Ran.assumeRoot("a service of systemd");
        Ran.assumePrograms(
                "a service of systemd", "dpkg", "unshare", "pivot_root", "systemctl", "systemd-notify", "pgrep");
        for (String system : new String[] {"overlay", "cgroup2"}) {
            assumeTrue(
                    Files.readString(Path.of("/proc/filesystems")).contains("\t" + system + "\n"),
                    () -> "skipped: a service of systemd is not tried, because this kernel has no " + system);
        }
        Path given = Files.createDirectories(folder.resolve("given"));
        Path units = Files.createDirectories(given.resolve("units/gatehouse.service.d"));
        Files.writeString(units.resolve("trial.conf"), DROP_IN);
        Files.writeString(given.resolve("units/trial.service"), TRIAL);
        Files.writeString(given.resolve("script"), SCRIPT);
        Files.writeString(given.resolve("reach"), REACH);
        Files.copy(images.get("deb").file(".deb"), given.resolve("package.deb"));
        Path over = Files.createDirectories(folder.resolve("over"));
        String booted = Ran.of(
                        folder,
                        "unshare",
                        "--mount",
                        "--propagation",
                        "private",
                        "sh",
                        Files.writeString(folder.resolve("boot"), BOOT).toString(),
                        given.toString(),
                        over.toString())
                .wellUnlessLacking("a service of systemd");
        Path said = given.resolve("said");
        assertTrue(Files.exists(said), booted);
        String all = Files.readString(said) + Files.readString(given.resolve("log"));
        assertTrue(all.startsWith("""
                        speaks, after 0 restarts
                        restarted, then stopped: success
                        as it is, it reaches: no no no no
                        as root, it reaches: yes yes yes yes
                        purged: inactive
                        """), () -> booted + "\n" + all);
    }
}
