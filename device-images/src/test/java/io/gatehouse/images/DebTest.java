package io.gatehouse.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The package for Debian, installed into this very system, but over an overlay in memory that goes when the test ends: dpkg, its scripts,
 * users and all are real, and the machine is as it was.
 */
@ExtendWith(Images.class)
class DebTest {
    private static final Pattern EXPOSURE = Pattern.compile("Overall exposure level for gatehouse.service: ([0-9.]+)");

    /** Only what dpkg and the tools for users write down for themselves. */
    private static final Pattern WRITTEN_BY_TOOLS = Pattern.compile("/var/lib/dpkg/.*|/var/log/.*|/var/cache/.*"
            + "|/etc/(passwd|group|shadow|gshadow|subuid|subgid)-?|/etc/\\.pwd\\.lock");

    @TempDir
    private Path folder;

    /**
     * Runs it in the system of this machine, where what it writes goes to memory. The file {@code left} in this test's folder gets the path of all that is
     * other then than on this machine: files and folders that are new, and files that were changed or deleted.
     */
    private Ran onDebian(Image image, String script) throws Exception {
        Ran.assumeRoot("a package for Debian");
        Ran.assumePrograms("a package for Debian", "dpkg", "unshare", "chroot");
        assumeTrue(
                Files.readString(Path.of("/proc/filesystems")).contains("\toverlay\n"),
                "skipped: a package for Debian is not tried, because this kernel has no overlay");
        Path file = Files.writeString(folder.resolve("script"), "set -eu\nDEB=/mnt/package.deb\n" + script);
        Path outer = Files.writeString(folder.resolve("outer"), """
                set -eu
                mount -t tmpfs over "$1"
                mkdir "$1/upper" "$1/work" "$1/root"
                mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
                mount --rbind /proc "$1/root/proc"
                mount --rbind /dev "$1/root/dev"
                mkdir -p "$1/root/mnt"
                mount -t tmpfs given "$1/root/mnt"
                cp "$2" "$1/root/mnt/package.deb"
                cp "$3" "$1/root/mnt/script"
                mount -t tmpfs run "$1/root/run"
                code=0
                env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive \
                    chroot "$1/root" sh /mnt/script || code=$?
                cd "$1/upper"
                find . -mindepth 1 | sort >"$1/written"
                while IFS= read -r path; do
                    if [ -L "$path" ] || [ ! -d "$path" ] || [ ! -d "/$path" ]; then
                        echo "${path#.}"
                    fi
                done <"$1/written" >"$4"
                exit $code
                """);
        Path over = Files.createDirectories(folder.resolve("over"));
        return Ran.of(
                folder,
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "sh",
                outer.toString(),
                over.toString(),
                image.file(".deb").toString(),
                file.toString(),
                folder.resolve("left").toString());
    }

    @Test
    void runsAsAUserOfItsOwn(Images images) throws Exception {
        String said = onDebian(images.get("deb"), """
                        dpkg -i $DEB
                        stat -c '%U %a %n' /var/lib/gatehouse
                        stat -c '%G %a %n' /etc/gatehouse/gateway.properties
                        systemctl is-enabled gatehouse.service
                        install -d -o gatehouse /run/gatehouse
                        setpriv --reuid gatehouse --regid gatehouse --init-groups \
                            gatehouse-gateway --device test/image/1 --broker tcp://127.0.0.1:9 >/mnt/log 2>&1 &
                        tries=0
                        until grep -q 'bundles, started in' /mnt/log; do
                            tries=$((tries + 1))
                            [ $tries -lt 120 ] || break
                            sleep 1
                        done
                        cat /mnt/log
                        kill $!
                        wait $! || :
                        stat -c '%U %n' /var/lib/gatehouse/lock
                        """).well();
        assertTrue(said.contains("gatehouse 750 /var/lib/gatehouse\n"), said);
        assertTrue(said.contains("gatehouse 640 /etc/gatehouse/gateway.properties\n"), said);
        assertTrue(said.contains("\nenabled\n"), said);
        assertTrue(said.contains("bundles, started in"), said);
        assertTrue(said.contains("gatehouse /var/lib/gatehouse/lock"), said);
    }

    @Test
    void keepsSettingsAndStateWhenItIsUpgradedOrRemoved(Images images) throws Exception {
        String said = onDebian(images.get("deb"), """
                        dpkg -i $DEB
                        echo 'gatehouse.place=here' >>/etc/gatehouse/gateway.properties
                        echo 1 >/var/lib/gatehouse/current.json
                        : >/usr/share/gatehouse/lib/gatehouse.jsa
                        dpkg-deb -R $DEB /mnt/newer
                        sed -i 's/^Version: .*/Version: 99/' /mnt/newer/DEBIAN/control
                        dpkg-deb -b /mnt/newer /mnt/newer.deb
                        dpkg -i /mnt/newer.deb
                        dpkg-query -W gatehouse
                        ! [ -e /usr/share/gatehouse/lib/gatehouse.jsa ]
                        dpkg -r gatehouse
                        tail -n 1 /etc/gatehouse/gateway.properties
                        cat /var/lib/gatehouse/current.json
                        stat -c '%G %a' /etc/gatehouse/gateway.properties
                        ! [ -e /usr/share/gatehouse ]
                        """).well();
        assertTrue(said.contains("gatehouse\t99\n"), said);
        assertTrue(said.endsWith("gatehouse.place=here\n1\ngatehouse 640\n"), said);
    }

    @Test
    void leavesNothingWhenItIsPurged(Images images) throws Exception {
        String said = onDebian(images.get("deb"), """
                        cat /etc/passwd /etc/group /etc/shadow /etc/gshadow /etc/subuid /etc/subgid >/mnt/before
                        dpkg -i $DEB >/mnt/said 2>&1
                        : >/var/lib/gatehouse/kept
                        dpkg -P gatehouse >>/mnt/said 2>&1
                        cat /etc/passwd /etc/group /etc/shadow /etc/gshadow /etc/subuid /etc/subgid | diff /mnt/before -
                        """).well();
        assertEquals("", said);
        List<String> left = Files.readAllLines(folder.resolve("left"));
        assertTrue(left.contains("/var/lib/dpkg/status"), () -> "not even dpkg wrote something: " + left);
        assertEquals(
                List.of(),
                left.stream()
                        .filter(WRITTEN_BY_TOOLS.asMatchPredicate().negate())
                        .toList());
    }

    @Test
    void isPurgedWhileAProcessOfItsUserRuns(Images images) throws Exception {
        String said = onDebian(images.get("deb"), """
                        dpkg -i $DEB
                        mkfifo /mnt/end
                        setpriv --reuid gatehouse --regid gatehouse --init-groups cat <>/mnt/end >/dev/null &
                        until [ "$(stat -c %U /proc/$!)" = gatehouse ]; do :; done
                        dpkg -P gatehouse
                        kill $!
                        dpkg-query -W gatehouse 2>&1 || :
                        ls /var/lib/gatehouse 2>&1 || :
                        """).well();
        assertTrue(said.contains("gatehouse: the user gatehouse stays, since processes of it run\n"), said);
        assertTrue(said.contains("no packages found matching gatehouse"), said);
        assertTrue(said.contains("cannot access '/var/lib/gatehouse'"), said);
    }

    @Test
    void systemdGivesItLittle(Images images) throws Exception {
        Ran.assumePrograms("how the service is hardened", "systemd-analyze");
        Path unit =
                images.get("deb").unpack(folder.resolve("root")).resolve("usr/lib/systemd/system/gatehouse.service");
        String said = Ran.of(folder, "systemd-analyze", "security", "--no-pager", "--offline=true", unit.toString())
                .well();
        Matcher exposure = EXPOSURE.matcher(said);
        assertTrue(exposure.find(), said);
        assertTrue(Double.parseDouble(exposure.group(1)) <= 2.0, said);
    }

    @Test
    void lintianComplainsOfNothing(Images images) throws Exception {
        Ran.assumePrograms("what lintian says", "lintian");
        Path deb = images.get("deb").file(".deb");
        String said = Ran.of(folder, "lintian", "--allow-root", "--fail-on", "error,warning", deb.toString())
                .well();
        assertEquals("", said);
    }
}
