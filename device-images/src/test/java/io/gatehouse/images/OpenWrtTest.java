package io.gatehouse.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The package for OpenWrt, in a root of busybox alone. The Java there is for glibc, since a musl one cannot be had here. */
@ExtendWith(Images.class)
class OpenWrtTest {
    private static final Duration START = Duration.ofMinutes(2);

    /** What of OpenWrt's rc.common and procd the service calls: it writes down the calls. */
    private static final String RC_COMMON = """
            config_load() { echo "config_load $*" >>/calls; }
            config_get_bool() { eval "$1=\\${ENABLED:-$4}"; }
            config_get() { eval "$1=\\${JAVA-}"; }
            procd_open_instance() { echo "procd_open_instance $*" >>/calls; }
            procd_set_param() { echo "procd_set_param $*" >>/calls; }
            procd_close_instance() { echo "procd_close_instance $*" >>/calls; }
            procd_add_reload_trigger() { echo "procd_add_reload_trigger $*" >>/calls; }
            . /etc/init.d/gatehouse
            start_service
            service_triggers
            """;

    /** What procd answers on its bus: which system runs. It writes down what it was asked. */
    private static final String UBUS = """
            #!/bin/sh
            echo "$*" >>/asked
            echo '{"board_name": "dlink,dwr-311-a1", "release": {"version": "23.05.5", "revision": "r24106"}}'
            """;

    @TempDir
    private Path folder;

    private Path root;

    @BeforeEach
    void device(Images images) throws Exception {
        Ran.assumeRoot("a device with OpenWrt");
        Ran.assumePrograms("a device with OpenWrt", "unshare", "chroot");
        Image container = images.get("container-x86-64");
        root = Files.createDirectories(folder.resolve("root"));
        Image.untar(container.layers().get(0), root);
        Files.createDirectories(root.resolve("tmp"));
        Ran.of(folder, "mv", "root/usr/share/gatehouse/java", "java").well();
        Image image = images.get("openwrt");
        image.unpack(folder.resolve("data"));
        Files.createDirectories(folder.resolve("control"));
        Image.untar(folder.resolve("data.parts/control.tar.gz"), folder.resolve("control"));
    }

    private Ran inside(String... command) throws Exception {
        List<String> line = new ArrayList<>(List.of("/bin/env", "-i", "PATH=/usr/sbin:/bin"));
        line.addAll(List.of(command));
        return Ran.of(folder, OwnRoot.command(root, "0:0", line));
    }

    private Ran preinst(String... environment) throws Exception {
        Ran.of(folder, "cp", "control/preinst", "root/tmp/preinst").well();
        List<String> line = new ArrayList<>(List.of("/bin/env"));
        line.addAll(List.of(environment));
        line.addAll(List.of("/tmp/preinst"));
        return inside(line.toArray(String[]::new));
    }

    private void java(String text) throws Exception {
        Path java = Files.createDirectories(root.resolve("usr/share/gatehouse/java/bin"))
                .resolve("java");
        Files.writeString(java, text);
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void refusesADeviceWithoutAJavaThatRunsThere() throws Exception {
        Ran none = preinst();
        assertEquals(1, none.code());
        assertTrue(
                none.said().startsWith("gatehouse: there is no Java here: take a build of Java 17 or newer for musl"),
                none.said());
        java("#!/lib/ld-of-another-libc\n");
        Ran foreign = preinst();
        assertEquals(1, foreign.code());
        assertTrue(foreign.said().contains("/usr/share/gatehouse/java/bin/java does not run here"), foreign.said());
        java("#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
        Ran old = preinst();
        assertEquals(1, old.code());
        assertTrue(
                old.said().contains("Java 17 or newer is needed, and /usr/share/gatehouse/java/bin/java is 11"),
                old.said());
    }

    @Test
    void takesAJavaThatRunsThereAndAnImageThatIsBeingBuilt() throws Exception {
        assertEquals("", preinst("IPKG_INSTROOT=/root").well());
        Ran.of(folder, "mv", "java", "root/usr/share/gatehouse/java").well();
        assertEquals("", preinst().well());
    }

    @Test
    void isKeptRunningByProcd() throws Exception {
        install();
        Files.writeString(root.resolve("rc"), RC_COMMON);
        inside("/bin/sh", "/rc").well();
        assertEquals(
                List.of(
                        "config_load gatehouse",
                        "procd_open_instance ",
                        "procd_set_param command /usr/sbin/gatehouse-gateway",
                        "procd_set_param respawn 3600 5 0",
                        "procd_set_param term_timeout 30",
                        "procd_set_param file /etc/gatehouse/gateway.properties",
                        "procd_set_param stdout 1",
                        "procd_set_param stderr 1",
                        "procd_close_instance ",
                        "procd_add_reload_trigger gatehouse"),
                Files.readAllLines(root.resolve("calls")));
    }

    @Test
    void isLeftAloneWhereItIsNotEnabledAndTakesTheJavaThatIsNamed() throws Exception {
        install();
        Files.writeString(root.resolve("rc"), RC_COMMON);
        inside("/bin/env", "ENABLED=0", "/bin/sh", "/rc").well();
        assertEquals(
                List.of("config_load gatehouse", "procd_add_reload_trigger gatehouse"),
                Files.readAllLines(root.resolve("calls")));
        inside("/bin/env", "JAVA=/opt/java/bin/java", "/bin/sh", "/rc").well();
        assertTrue(Files.readAllLines(root.resolve("calls"))
                .contains("procd_set_param env GATEHOUSE_JAVA=/opt/java/bin/java"));
    }

    @Test
    void keepsItsStateOnFlashAndOverAnUpgradeOfTheSystem() throws Exception {
        install();
        try (StartedGateway gateway = start()) {
            assertTrue(Files.exists(root.resolve("etc/gatehouse/state/lock")), gateway.log());
            assertTrue(Files.isDirectory(root.resolve("tmp/gatehouse")), gateway.log());
        }
        List<String> kept = Files.readAllLines(root.resolve("lib/upgrade/keep.d/gatehouse"));
        assertTrue(kept.stream().anyMatch("/etc/gatehouse/state/lock"::startsWith), kept.toString());
    }

    @Test
    void writesFirmwareByTheSystemsOwnSysupgrade() throws Exception {
        install();
        Path ubus = Files.writeString(root.resolve("usr/sbin/ubus"), UBUS);
        Files.setPosixFilePermissions(ubus, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> bundles = Ran.of(root.resolve("usr/share/gatehouse/bundles"), "ls")
                .well()
                .lines()
                .toList();
        assertEquals(
                1,
                bundles.stream()
                        .filter(jar -> jar.startsWith("io.gatehouse.firmware.sysupgrade-"))
                        .count(),
                bundles.toString());
        try (StartedGateway gateway = start()) {
            // the seal names all of them with their digests: what it does not name is not started, and what is
            // otherwise is told
            assertTrue(gateway.log().contains(" runs " + bundles.size() + " bundles,"), gateway.log());
            assertFalse(gateway.log().contains("does not start"), gateway.log());
            Path asked = root.resolve("asked");
            Awaitility.await("the engine to ask which system runs")
                    .atMost(START)
                    .until(() ->
                            Files.exists(asked) && Files.readAllLines(asked).contains("call system board"));
        }
    }

    private StartedGateway start() throws Exception {
        Ran.of(folder, "mv", "java", "root/usr/share/gatehouse/java").well();
        return StartedGateway.await(
                folder.resolve("log"),
                Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
                START,
                OwnRoot.command(
                        root,
                        "0:0",
                        List.of(
                                "/usr/sbin/gatehouse-gateway",
                                "--device",
                                "test/image/1",
                                "--broker",
                                "tcp://127.0.0.1:9")));
    }

    private void install() throws Exception {
        Ran.of(folder, "cp", "-a", "data/.", "root").well();
    }
}
