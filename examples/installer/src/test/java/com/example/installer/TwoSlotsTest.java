package com.example.installer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.example.installer.BootEnvironment.State;
import io.gatehouse.api.firmware.FirmwareRefused;
import io.gatehouse.api.firmware.RunningSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of each engine, point by point. */
final class TwoSlotsTest {
    @TempDir
    Path folder;

    private Machine machine;
    private TwoSlots engine;

    @BeforeEach
    void make() throws IOException {
        machine = new Machine(folder);
        engine = machine.engine(Disk.ofMachine());
    }

    @Test
    void saysWhatRunsAndWhereItCanBeReadAgain() throws IOException {
        assertEquals(new RunningSystem("a", "example-gw"), engine.running());
        assertEquals(List.of(machine.folder.resolve("slot-a")), engine.seeds());
        assertTrue(engine.canFallBack());
        assertEquals(Optional.empty(), engine.folder());
    }

    @Test
    void saysWhatIsWrongWhereTheBootLoaderSaidNothing() throws IOException {
        Files.writeString(folder.resolve("cmdline"), "quiet firmware.slot=c\n");
        IOException e = assertThrows(IOException.class, engine::running);
        assertTrue(e.getMessage().contains("does not say firmware.slot=a"), e.getMessage());
    }

    @Test
    void checkWritesNothing() throws Exception {
        engine.check(machine.image());
        assertFalse(Files.exists(machine.folder.resolve("slot-b")));
        assertEquals(State.good("a"), machine.state());
    }

    @Test
    void writesTheOtherSlotAndStartsItWhenItIsActivatedOnly() throws Exception {
        List<Double> progress = new ArrayList<>();
        engine.install(machine.image(), progress::add);
        assertEquals(Machine.NEW, machine.content("b"));
        assertTrue(progress.size() > 2, progress.toString());
        assertEquals(progress.stream().sorted().toList(), progress);
        assertEquals(1.0, progress.get(progress.size() - 1));
        assertEquals("a", machine.restart());
        engine.activate(machine.image());
        engine.activate(machine.image());
        assertEquals("b", machine.restart());
    }

    @Test
    void goesBackByItselfAfterThreeStartsOnTrial() throws Exception {
        takeOnTrial();
        assertEquals("b", machine.restart());
        assertEquals("b", machine.restart());
        assertEquals("a", machine.restart());
        assertEquals("a", machine.restart());
    }

    @Test
    void staysWithWhatIsMarkedGoodAndWritesThatOnce() throws Exception {
        takeOnTrial();
        engine.markGood();
        Path environment = machine.folder.resolve("boot.env");
        FileTime before = FileTime.fromMillis(1);
        Files.setLastModifiedTime(environment, before);
        engine.markGood();
        assertEquals(before, Files.getLastModifiedTime(environment), "flash wears out");
        for (int start = 0; start < 5; start++) {
            assertEquals("b", machine.restart());
        }
    }

    @Test
    void leavesWhatIsMarkedBad() throws Exception {
        takeOnTrial();
        engine.markBad();
        engine.markBad();
        assertEquals("a", machine.restart());
        assertEquals(Machine.OLD, machine.content("a"));
    }

    @Test
    void doesNotLeaveForASlotThatIsEmpty() {
        IOException e = assertThrows(IOException.class, engine::markBad);
        assertEquals("slot b is empty: there is nothing to go back to", e.getMessage());
    }

    @Test
    void writesNotOverWhatTheMachineGoesBackTo() throws Exception {
        takeOnTrial();
        Path image = machine.image();
        IOException e = assertThrows(IOException.class, () -> engine.install(image, ratio -> {}));
        assertTrue(e.getMessage().contains("slot a is what the machine goes back to"), e.getMessage());
        assertEquals(Machine.OLD, machine.content("a"));
    }

    @Test
    void whatIsActivatedAndNotWantedAnyMoreIsNotStarted() throws Exception {
        engine.install(machine.image(), ratio -> {});
        engine.activate(machine.image());
        engine.install(machine.image("example-gw", "another", Machine.keys()), ratio -> {});
        assertEquals("a", machine.restart());
        assertEquals("another", machine.content("b"));
    }

    @Test
    void activatesNothingThatIsNotInstalled() throws Exception {
        Path image = machine.image();
        IOException e = assertThrows(IOException.class, () -> engine.activate(image));
        assertTrue(e.getMessage().contains("install it first"), e.getMessage());
        assertEquals(State.good("a"), machine.state());
    }

    @Test
    void refusesWhatSomebodyElseSigned() throws Exception {
        assertRefused("bad-signature", machine.image("example-gw", Machine.NEW, Machine.newKeys()));
    }

    @Test
    void refusesWhatIsForAnotherMachine() throws Exception {
        assertRefused("wrong-compatible", machine.image("other-gw", Machine.NEW, Machine.keys()));
    }

    @Test
    void refusesWhatIsNoImageOrCutOffOrLongerOrDamaged() throws Exception {
        assertRefused("bad-image", Files.writeString(folder.resolve("image"), "no\nimage\n"));
        assertRefused("bad-image", Files.writeString(folder.resolve("image"), "x".repeat(5_000)));
        byte[] whole = Files.readAllBytes(machine.image());
        assertRefused("bad-image", Files.writeString(folder.resolve("image"), new String(whole, 0, whole.length - 1)));
        assertRefused("bad-image", Files.writeString(folder.resolve("image"), new String(whole) + "x"));
        whole[whole.length - 2] ^= 1;
        assertRefused("bad-image", Files.write(folder.resolve("image"), whole));
    }

    @Test
    void leavesNothingBehindWhenItIsInterrupted() throws Exception {
        Path image = machine.image();
        assertThrows(
                InterruptedException.class,
                () -> engine.install(image, ratio -> Thread.currentThread().interrupt()));
        try (var files = Files.list(machine.folder)) {
            assertEquals(
                    List.of("boot.env", "slot-a"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    private void takeOnTrial() throws Exception {
        engine.install(machine.image(), ratio -> {});
        engine.activate(machine.image());
        assertEquals("b", machine.restart());
    }

    private void assertRefused(String type, Path image) {
        FirmwareRefused checked = assertThrows(FirmwareRefused.class, () -> engine.check(image));
        assertEquals(type, checked.type(), checked.detail());
        FirmwareRefused installed = assertThrows(FirmwareRefused.class, () -> engine.install(image, ratio -> {}));
        assertEquals(type, installed.type());
        assertFalse(Files.exists(machine.folder.resolve("slot-b")));
        assertFalse(Files.exists(machine.folder.resolve("slot.part")));
    }
}
