package io.gatehouse.firmware.sysupgrade;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.firmware.FirmwareRefused;
import io.gatehouse.api.firmware.RunningSystem;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Against what OpenWrt's programs answer, since they run nowhere else: as of {@code package/base-files/files/sbin/sysupgrade} and
 * {@code usr/libexec/validate_firmware_image} in <a href="https://github.com/openwrt/openwrt">its sources</a>, and {@code system.c} of procd, which
 * answers {@code ubus call system}.
 */
final class SysUpgradeTest {
    private static final String BOARD = """
            {
            	"kernel": "5.15.134",
            	"hostname": "OpenWrt",
            	"system": "MediaTek MT7621 ver:1 eco:3",
            	"model": "D-Link DWR-311 \\"A1\\"",
            	"board_name": "dlink,dwr-311-a1",
            	"rootfs_type": "squashfs",
            	"release": {
            		"distribution": "OpenWrt",
            		"version": "23.05.0",
            		"revision": "r23497-6637af95aa",
            		"target": "ramips/mt7621",
            		"description": "OpenWrt 23.05.0 r23497-6637af95aa"
            	}
            }
            """;

    private static final String VALID = """
            {
            	"tests": {
            		"fwtool_signature": true,
            		"fwtool_device_match": true
            	},
            	"valid": true,
            	"forceable": true,
            	"allow_backup": true
            }
            """;

    private static final String UBUS = """
            #!/bin/sh
            cd %1$s || exit 1
            case "$2 $3" in
            'system board') cat board ;;
            'system validate_firmware_image')
                [ "$4" = '{"path": "%2$s"}' ] || { echo 'Command failed: Invalid argument' >&2; exit 4; }
                cat valid ;;
            *) echo 'Command failed: Method not found' >&2; exit 3 ;;
            esac
            """;

    private static final String SYSUPGRADE = """
            #!/bin/sh
            cd %1$s || exit 1
            echo "$*" >> calls
            case " $*" in
            *' -l') cat kept; exit 0 ;;
            *' -T '*)
                grep -q '"valid": true' valid && exit 0
                echo 'Device dlink,dwr-311-a1 not supported by this image'
                echo 'Image check failed.'
                exit 1 ;;
            esac
            echo 'Saving config files...'
            [ ! -e full ] || { echo 'Failed to create the configuration backup.'; exit 1; }
            [ ! -e slow ] || until [ -e go ]; do sleep 0.05; done
            echo 'Commencing upgrade. Closing all shell sessions.'
            echo written >> slot
            """;

    @TempDir
    Path folder;

    private final Map<String, Object> values = new HashMap<>();
    private Path image;
    private Path state;

    @BeforeEach
    void make() throws IOException {
        state = folder.resolve("etc/gatehouse/state");
        image = folder.resolve("fw \"1\".bin");
        Files.writeString(folder.resolve("board"), BOARD);
        Files.writeString(folder.resolve("valid"), VALID);
        Files.writeString(folder.resolve("kept"), "/etc/config/network\n" + state + "/desired/a.json\n");
        program("ubus", UBUS.formatted(folder, image.toString().replace("\"", "\\\"")));
        program("sysupgrade", SYSUPGRADE.formatted(folder));
    }

    @Test
    void saysWhichBuildRunsOnWhichBoard() throws Exception {
        assertEquals(new RunningSystem("23.05.0 r23497-6637af95aa", "dlink,dwr-311-a1"), engine().running());
        assertFalse(engine().canFallBack());
        assertEquals(Optional.of(Path.of("/tmp")), engine().folder());
    }

    @Test
    void tellsBuildsOfOneRevisionApartByTheirTime() throws Exception {
        String dated = BOARD.replace("\t\t\"target\"", "\t\t\"builddate\": \"1738624177\",\n\t\t\"target\"");
        Files.writeString(folder.resolve("board"), dated);
        assertEquals("23.05.0 r23497-6637af95aa 1738624177", engine().running().slot());
    }

    @Test
    void saysNothingOfABoardWithoutAName() throws Exception {
        Files.writeString(folder.resolve("board"), BOARD.replace("board_name", "other"));
        IOException e = assertThrows(IOException.class, () -> engine().running());
        assertTrue(e.getMessage().contains("ubus call system board says nothing of board_name"), e.getMessage());
    }

    @Test
    void writesNothingBeforeItIsActivated() throws Exception {
        engine().check(image);
        List<Double> progress = new ArrayList<>();
        engine().install(image, progress::add);
        assertEquals(List.of(1.0), progress);
        assertEquals(List.of("-l", "-T " + image), calls());
        engine().activate(image);
        assertEquals(List.of("-l", "-T " + image, "-l", image.toString()), calls());
        engine().markGood();
    }

    @Test
    void passesItsOptionsOnEachTime() throws Exception {
        values.put("options", new String[] {"-c", "-k"});
        engine().check(image);
        engine().activate(image);
        assertEquals(List.of("-c -k -l", "-c -k -T " + image, "-c -k -l", "-c -k " + image), calls());
    }

    @Test
    void refusesByTheTestThatFailed() throws Exception {
        String invalid = VALID.replace("\"valid\": true", "\"valid\": false");
        Files.writeString(folder.resolve("valid"), invalid);
        assertRefused("bad-image", "Image check failed.");
        Files.writeString(folder.resolve("valid"), invalid.replace("match\": true", "match\": false"));
        assertRefused("wrong-compatible", "not supported by this image; Image check failed.");
        Files.writeString(folder.resolve("valid"), invalid.replace("signature\": true", "signature\": false"));
        assertRefused("bad-signature", "Image check failed.");
    }

    @Test
    void refusesToLoseTheStateOfTheGateway() throws Exception {
        Files.writeString(folder.resolve("kept"), "/etc/config/network\n" + state + "less/desired/a.json\n");
        assertRefused("state-not-kept", "/etc/sysupgrade.conf");
        assertThrows(FirmwareRefused.class, () -> engine().activate(image));
        assertFalse(calls().contains(image.toString()), "not even where it was kept when that was checked");
    }

    @Test
    void knowsTheStateByItsRealNameToo() throws Exception {
        Path real = Files.createDirectories(folder.resolve("overlay/gatehouse")).toRealPath();
        Files.createDirectories(state.getParent());
        Files.createSymbolicLink(state, real);
        Files.writeString(folder.resolve("kept"), real + "/desired/a.json\n");
        engine().check(image);
    }

    @Test
    void refusesToLoseTheStateByAnOptionOrAnImage() throws Exception {
        values.put("options", new String[] {"-n"});
        assertRefused("state-not-kept", "-n");
        values.clear();
        Files.writeString(folder.resolve("valid"), VALID.replace("backup\": true", "backup\": false"));
        assertRefused("state-not-kept", state.toString());
    }

    @Test
    void mayLoseWhatTheStateIsNotPartOf() throws Exception {
        values.put("stateApart", true);
        values.put("options", new String[] {"-n"});
        Files.writeString(folder.resolve("kept"), "");
        Files.writeString(folder.resolve("valid"), VALID.replace("backup\": true", "backup\": false"));
        engine().check(image);
        engine().activate(image);
        assertEquals(List.of("-n -T " + image, "-n " + image), calls());
    }

    @Test
    void canBeTriedAgainWhereItDidNotBegin() throws Exception {
        Files.createFile(folder.resolve("full"));
        IOException e = assertThrows(IOException.class, () -> engine().activate(image));
        assertTrue(e.getMessage().endsWith("Failed to create the configuration backup."), e.getMessage());
        Path other = folder.resolve("other.bin");
        e = assertThrows(IOException.class, () -> engine().check(other));
        assertTrue(e.getMessage().endsWith("ended with code 4: Command failed: Invalid argument"), e.getMessage());
    }

    @Test
    void endsNoWritingThatBeganAndBeginsNoOther() throws Exception {
        Files.createFile(folder.resolve("slow"));
        FutureTask<Void> first = activation();
        Thread before = new Thread(first);
        before.start();
        await().until(() -> Begun.with(image).isPresent());
        before.interrupt();
        ExecutionException e = assertThrows(ExecutionException.class, first::get);
        assertEquals(InterruptedException.class, e.getCause().getClass());
        assertTrue(Begun.with(image).isPresent(), "ended by an interrupt");
        FutureTask<Void> next = activation();
        Thread caller = new Thread(next);
        caller.start();
        await().until(() -> caller.getState() == Thread.State.WAITING);
        assertFalse(Files.exists(folder.resolve("slot")));
        Files.createFile(folder.resolve("go"));
        next.get();
        assertEquals(List.of("written"), Files.readAllLines(folder.resolve("slot")));
        assertEquals(List.of("-l", image.toString(), "-l"), calls());
    }

    @Test
    void hasNothingToGoBackTo() {
        IOException e = assertThrows(IOException.class, () -> engine().markBad());
        assertTrue(e.getMessage().contains("single slot"), e.getMessage());
    }

    private FutureTask<Void> activation() {
        return new FutureTask<>(() -> {
            engine().activate(image);
            return null;
        });
    }

    private void assertRefused(String type, String detail) {
        FirmwareRefused refused = assertThrows(FirmwareRefused.class, () -> engine().check(image));
        assertEquals(type, refused.type(), refused.detail());
        assertTrue(refused.detail().contains(detail), refused.detail());
    }

    private void program(String name, String script) throws IOException {
        Path file = Files.writeString(folder.resolve(name), script);
        assertTrue(file.toFile().setExecutable(true));
    }

    /** What was asked of {@code sysupgrade}, in order. */
    private List<String> calls() throws IOException {
        return Files.readAllLines(folder.resolve("calls"));
    }

    private SysUpgrade engine() {
        SysUpgrade.Settings settings = (SysUpgrade.Settings) Proxy.newProxyInstance(
                SysUpgrade.Settings.class.getClassLoader(),
                new Class<?>[] {SysUpgrade.Settings.class},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
        return new SysUpgrade(
                settings,
                state,
                List.of(folder.resolve("ubus").toString()),
                List.of(folder.resolve("sysupgrade").toString()));
    }
}
