package io.gatehouse.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.launcher.activators.Speaking;
import io.gatehouse.software.Document;
import io.gatehouse.software.Part;
import io.gatehouse.software.RuntimeSlots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FactoryResetTest {
    @TempDir
    private Path folder;

    private Home home;

    /** A gateway whose image says one thing and what lies over it another, with something in each folder. */
    private void used() throws Exception {
        home = Home.in(
                folder, Jar.bundle("a", "1.0.0").activator(Speaking.class).word("image"));
        Part part =
                Jar.bundle("a", "1.1.0").activator(Speaking.class).word("air").artifact(home.state());
        GatewayTest.commit(home, RunningGateway.document(part));
        for (String file :
                List.of("identity/device.key", "store/1.1", "desired/d", "slots/current", "firmware/left/why")) {
            Path path = home.state().resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, "x");
        }
    }

    private List<String> files() throws Exception {
        try (Stream<Path> all = Files.walk(home.state())) {
            return all.filter(Files::isRegularFile)
                    .map(file -> home.state().relativize(file).toString())
                    .filter(file -> !file.startsWith("cache") && !file.equals("lock"))
                    .sorted()
                    .toList();
        }
    }

    private void isAskedFor(boolean identity) throws Exception {
        RunningGateway gateway = RunningGateway.start(home.settings());
        await().untilAsserted(() -> assertEquals("a=air", gateway.words()));
        RuntimeSlots slots = slots(gateway);
        slots.awaitProven();
        assertEquals(List.of(), slots.askForReset("id1", identity));
        slots.leaveForReset();
        assertEquals(Gateway.RESTART, gateway.exitCode());
    }

    private static RuntimeSlots slots(RunningGateway gateway) {
        return gateway.context().getService(gateway.context().getServiceReference(RuntimeSlots.class));
    }

    private void imageRuns() throws Exception {
        try (RunningGateway gateway = RunningGateway.start(home.settings())) {
            await().untilAsserted(() -> assertEquals("a=image", gateway.words()));
            assertEquals(Document.FACTORY, gateway.software().document());
            assertEquals("true", gateway.context().getProperty("gatehouse.reset"));
        }
        assertFalse(new FactoryReset(home.state()).isAskedFor());
        try (RunningGateway gateway = RunningGateway.start(home.settings())) {
            assertEquals("false", gateway.context().getProperty("gatehouse.reset"));
        }
    }

    @Test
    void leavesTheImageAndWhoTheDeviceIs() throws Exception {
        used();
        isAskedFor(true);
        imageRuns();
        assertEquals(List.of("identity/device.key", "last-reset", "store/1.1"), files());
    }

    @Test
    void saysAsLongAsThereIsNoOtherHowItEnded() throws Exception {
        used();
        assertEquals(Optional.empty(), new FactoryReset(home.state()).last());
        isAskedFor(true);
        assertEquals(Optional.empty(), new FactoryReset(home.state()).last(), "nothing was carried out");
        imageRuns();
        try (RunningGateway gateway = RunningGateway.start(home.settings())) {
            assertEquals(
                    Optional.of(new RuntimeSlots.Reset("id1", List.of())),
                    slots(gateway).lastReset());
        }
    }

    @Test
    void deletesAllElseWhereSomethingCannotBeDeletedAndSaysWhatThatIs() throws Exception {
        used();
        Path stuck = home.state().resolve("desired/d");
        assumeTrue(run("chattr", "+i", stuck.toString()), "chattr +i takes root, and a file system that knows it");
        try {
            new FactoryReset(home.state()).ask("id1", true);
            imageRuns();
        } finally {
            run("chattr", "-i", stuck.toString());
        }
        assertEquals(List.of("desired/d", "identity/device.key", "last-reset", "store/1.1"), files());
        RuntimeSlots.Reset last = new FactoryReset(home.state()).last().orElseThrow();
        assertEquals("id1", last.command());
        assertEquals(List.of(stuck + " (FileSystemException: Operation not permitted)"), last.left());
    }

    @Test
    void emptiesADiskThatIsMountedInTheStateFolder() throws Exception {
        used();
        Path disk = Files.createDirectories(home.state().resolve("firmware"));
        assumeTrue(run("mount", "-t", "tmpfs", "none", disk.toString()), "mount takes root");
        try {
            Files.createDirectories(disk.resolve("left"));
            Files.writeString(disk.resolve("left/why"), "x");
            new FactoryReset(home.state()).ask("id1", true);
            imageRuns();
            assertEquals(List.of("identity/device.key", "last-reset", "store/1.1"), files());
        } finally {
            run("umount", disk.toString());
        }
        assertEquals(Optional.of(new RuntimeSlots.Reset("id1", List.of())), new FactoryReset(home.state()).last());
    }

    @Test
    void findsItsStateFolderByALinkAndFollowsNoOther() throws Exception {
        used();
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Path file = Files.writeString(elsewhere.resolve("file"), "x");
        Files.createSymbolicLink(home.state().resolve("to elsewhere"), elsewhere);
        Path link = Files.createSymbolicLink(folder.resolve("link"), home.state());

        FactoryReset reset = new FactoryReset(link);
        reset.ask("id1", true);
        reset.carryOut();

        assertTrue(Files.isSymbolicLink(link));
        assertTrue(Files.exists(file));
        assertEquals(List.of("identity/device.key", "last-reset", "reset", "store/1.1"), files());
        assertEquals(Optional.of(new RuntimeSlots.Reset("id1", List.of())), reset.last());
    }

    private static boolean run(String... words) throws Exception {
        try {
            Process process = new ProcessBuilder(words).inheritIO().start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    @Test
    void leavesTheImageAlone() throws Exception {
        used();
        isAskedFor(false);
        imageRuns();
        assertEquals(List.of(), files());
    }

    @Test
    void isBegunAgainWhereItWasCutShort() throws Exception {
        used();
        new FactoryReset(home.state()).ask("id1", false);
        Files.delete(home.state().resolve("current.json")); // so far it came
        imageRuns();
        assertEquals(List.of(), files());
    }

    @Test
    void keepsWhatCannotBeHadAgainWhereItsFileIsDamaged() throws Exception {
        used();
        Files.writeString(home.state().resolve("reset"), "{\"identity\":false}");
        imageRuns();
        assertTrue(files().contains("identity/device.key"), files().toString());
    }
}
