package io.gatehouse.firmware.rauc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.firmware.FirmwareRefused;
import io.gatehouse.api.firmware.RunningSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds by whichever way RAUC is reached; with RAUC itself. */
abstract class InstallerContract {
    @TempDir
    Path folder;

    RaucMachine machine;
    RaucInstaller installer;

    abstract RaucInstaller installer();

    @BeforeEach
    void start() throws Exception {
        machine = new RaucMachine(folder);
        installer = installer();
    }

    @AfterEach
    void stop() throws Exception {
        if (machine != null) { // it was not assumed away
            machine.end();
        }
    }

    @Test
    void saysWhatRuns() throws Exception {
        assertEquals(new RunningSystem("rootfs.0", RaucMachine.COMPATIBLE), installer.running());
        assertEquals(List.of(machine.slot(0)), installer.seeds());
        machine.restart("B");
        assertEquals(new RunningSystem("rootfs.1", RaucMachine.COMPATIBLE), installer.running());
        assertEquals(List.of(machine.slot(1)), installer.seeds());
        assertTrue(installer.canFallBack());
        assertTrue(installer.folder().isEmpty());
    }

    @Test
    void writesTheSlotThatDoesNotRunAndTellsHowFarItIs() throws Exception {
        Path bundle = machine.bundle("2");
        List<Double> told = new CopyOnWriteArrayList<>();
        installer.check(bundle);
        installer.install(bundle, told::add);
        assertTrue(machine.has(1, machine.image("2")), "the image is in the other slot");
        assertTrue(machine.isUntouched(0), "what runs is as it was");
        assertEquals("A", machine.next());
        assertTrue(told.size() > 3, () -> "told " + told);
        assertEquals(told.stream().sorted().toList(), told);
        assertEquals(1.0, told.get(told.size() - 1));
    }

    @Test
    void startsWhatWasInstalledAndKeepsIt() throws Exception {
        Path bundle = machine.bundle("2");
        installer.install(bundle, ratio -> {});
        installer.activate(bundle);
        installer.activate(bundle);
        assertEquals("B", machine.next());
        machine.restart("B");
        installer.markGood();
        installer.markGood();
        assertEquals("B", machine.next());
        assertEquals("good", machine.state("B"));
        assertEquals("good", machine.state("A"));
    }

    @Test
    void keepsWhatRunsThoughAnotherWasActivated() throws Exception {
        Path bundle = machine.bundle("2");
        installer.install(bundle, ratio -> {});
        installer.activate(bundle);
        installer.markGood();
        assertEquals("A", machine.next());
    }

    @Test
    void givesTheBootLoaderAllTriesAgainThoughRaucHoldsTheSlotForGood() throws Exception {
        machine.start("A");
        machine.start("A");
        assertEquals("good", machine.state("A"));
        assertEquals(1, machine.tries("A"));
        installer.markGood();
        assertEquals(3, machine.tries("A"));
    }

    @Test
    void goesBackToWhatRanBefore() throws Exception {
        Path bundle = machine.bundle("2");
        installer.install(bundle, ratio -> {});
        installer.activate(bundle);
        machine.restart("B");
        installer.markBad();
        assertEquals("A", machine.next());
        assertEquals("good", machine.state("A"));
        assertEquals("bad", machine.state("B"));
    }

    @Test
    void refusesAnImageOfWhichAByteIsWrong() throws Exception {
        Path bundle = machine.bundle("2");
        RaucMachine.flip(bundle);
        refuses("bad-signature", bundle);
    }

    @Test
    void refusesAnImageThatIsNotWhole() throws Exception {
        Path bundle = machine.bundle("2");
        RaucMachine.truncate(bundle);
        refuses("bad-image", bundle);
    }

    @Test
    void refusesAnImageOfAnotherSigner() throws Exception {
        refuses("bad-signature", machine.bundle("2", RaucMachine.COMPATIBLE, "stranger"));
    }

    @Test
    void refusesAnImageForOtherMachines() throws Exception {
        refuses("wrong-compatible", machine.bundle("2", "toaster", "maker"));
    }

    private void refuses(String type, Path bundle) throws IOException {
        FirmwareRefused checked = assertThrows(FirmwareRefused.class, () -> installer.check(bundle));
        assertEquals(type, checked.type(), checked::detail);
        FirmwareRefused installed = assertThrows(FirmwareRefused.class, () -> installer.install(bundle, ratio -> {}));
        assertEquals(type, installed.type(), installed::detail);
        assertTrue(machine.isUntouched(1), "nothing was written");
    }

    @Test
    void startsAnewAfterRaucWasKilledInTheMiddle() throws Exception {
        Path bundle = machine.bundle("2");
        machine.closeGate();
        FutureTask<Void> installation = begin(bundle);
        await().until(() -> machine.isBegun(1));
        machine.killService();
        assertInstanceOf(IOException.class, failure(installation));
        assertEquals("A", machine.next());
        assertTrue(machine.isUntouched(0));
        machine.restart("A");
        installer.install(bundle, ratio -> {});
        assertTrue(machine.has(1, machine.image("2")));
    }

    @Test
    void tellsThatRaucEndedWhenAllWasWrittenButNotDone() throws Exception {
        Path bundle = machine.bundle("2");
        machine.closeGate();
        FutureTask<Void> installation = begin(bundle);
        await().until(machine::isAtGate);
        machine.restart("A");
        machine.openGate();
        assertInstanceOf(IOException.class, failure(installation));
        installer.install(bundle, ratio -> {});
        assertTrue(machine.has(1, machine.image("2")));
    }

    @Test
    void isNotInterruptedBeforeRaucHasEnded() throws Exception {
        Path bundle = machine.bundle("2");
        machine.closeGate();
        FutureTask<Void> installation = new FutureTask<>(() -> {
            installer.install(bundle, ratio -> {});
            return null;
        });
        Thread thread = new Thread(installation);
        thread.start();
        await().until(machine::isAtGate);
        thread.interrupt();
        await().until(() -> !thread.isInterrupted());
        assertThrows(TimeoutException.class, () -> installation.get(300, TimeUnit.MILLISECONDS), "RAUC still writes");
        machine.openGate();
        assertInstanceOf(InterruptedException.class, failure(installation));
        assertTrue(machine.has(1, machine.image("2")), "RAUC went on to the end");
        installer.running(); // it is idle
    }

    @Test
    void leavesNoThreadBehind() throws Exception {
        installer.running();
        installer.install(machine.bundle("2"), ratio -> {});
        await().untilAsserted(() -> assertFalse(
                Thread.getAllStackTraces().keySet().stream()
                        .anyMatch(thread -> thread.getName().contains("rauc")
                                || thread.getName().toLowerCase(Locale.ROOT).contains("dbus")),
                () -> Thread.getAllStackTraces().keySet().toString()));
    }

    @Test
    void saysWhatToStartWhereTheServiceDoesNotRun() throws Exception {
        machine.killService();
        IOException said = assertThrows(IOException.class, () -> installer.running());
        assertTrue(said.getMessage().contains("systemctl start rauc"), said::getMessage);
        Path bundle = machine.bundle("2");
        IOException alsoSaid = assertThrows(IOException.class, () -> installer.install(bundle, ratio -> {}));
        assertTrue(alsoSaid.getMessage().contains("systemctl start rauc"), alsoSaid::getMessage);
    }

    FutureTask<Void> begin(Path bundle) {
        FutureTask<Void> installation = new FutureTask<>(() -> {
            installer.install(bundle, ratio -> {});
            return null;
        });
        new Thread(installation).start();
        return installation;
    }

    static Throwable failure(FutureTask<Void> installation) {
        return assertThrows(ExecutionException.class, () -> installation.get(1, TimeUnit.MINUTES))
                .getCause();
    }
}
