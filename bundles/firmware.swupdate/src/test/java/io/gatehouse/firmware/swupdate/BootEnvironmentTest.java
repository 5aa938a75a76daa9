package io.gatehouse.firmware.swupdate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.program.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against U-Boot's environment as libubootenv keeps it, twice, in a file. */
final class BootEnvironmentTest {
    private static final List<String> SLOTS = List.of("/dev/mmcblk0p2=2", "/dev/mmcblk0p3=3");

    @TempDir
    Path folder;

    private Path config;
    private List<String> command;
    private List<String> read;

    @BeforeEach
    void make() throws Exception {
        assumeTrue(Program.find("fw_setenv").isPresent(), "this machine has no fw_setenv: libubootenv-tool");
        Path environment = Files.write(folder.resolve("env"), new byte[0x2000]);
        config = Files.writeString(
                folder.resolve("fw_env.config"), "%1$s 0x0 0x1000\n%1$s 0x1000 0x1000\n".formatted(environment));
        Path factory = Files.writeString(folder.resolve("factory"), "boot_slot=2\nustate=0\n");
        read = List.of("fw_printenv", "-c", config.toString());
        command = List.of("fw_setenv", "-c", config.toString(), "-f", factory.toString(), "-s", "-");
    }

    @Test
    void setsAllAndKeepsTheOthers() throws Exception {
        new BootEnvironment(command, read, "boot_slot", List.of())
                .same(List.of("ustate=1", "bootcount=0"), "/dev/mmcblk0p2");
        assertEquals(List.of("boot_slot=2", "bootcount=0", "ustate=1"), environment());
    }

    @Test
    void hasTheSlotStartedThatDoesNotRun() throws Exception {
        BootEnvironment boot = new BootEnvironment(command, read, "boot_slot", SLOTS);
        boot.other(List.of("ustate=1"), "/dev/mmcblk0p2");
        assertEquals(List.of("boot_slot=3", "ustate=1"), environment());
        boot.other(List.of("ustate=3"), "/dev/mmcblk0p3");
        assertEquals(List.of("boot_slot=2", "ustate=3"), environment());
    }

    @Test
    void setsNothingWhereTheSlotThatRunsIsUnknown() throws Exception {
        BootEnvironment boot = new BootEnvironment(command, read, "boot_slot", SLOTS);
        boot.same(List.of("ustate=0", "bootcount=0"), "/dev/mmcblk0p2");
        IOException e = assertThrows(IOException.class, () -> boot.other(List.of("ustate=1"), "/dev/sda1"));
        assertTrue(e.getMessage().contains("/dev/sda1"), e.getMessage());
        assertEquals(List.of("boot_slot=2", "bootcount=0", "ustate=0"), environment());
    }

    @Test
    void keepsTheSlotThatRunsAndWritesNothingThatIsSoAlready() throws Exception {
        BootEnvironment boot = new BootEnvironment(command, read, "boot_slot", SLOTS);
        boot.other(List.of("ustate=1"), "/dev/mmcblk0p2");
        boot.same(List.of("ustate=0"), "/dev/mmcblk0p2");
        assertEquals(List.of("boot_slot=2", "ustate=0"), environment());
        byte[] before = Files.readAllBytes(folder.resolve("env"));
        boot.same(List.of("ustate=0"), "/dev/mmcblk0p2");
        assertArrayEquals(before, Files.readAllBytes(folder.resolve("env")), "each write counts one on");
        boot.other(List.of("ustate=0"), "/dev/mmcblk0p3");
        assertArrayEquals(before, Files.readAllBytes(folder.resolve("env")));
    }

    @Test
    void saysWhyItCannotBeSet() {
        BootEnvironment boot =
                new BootEnvironment(List.of("fw_setenv", "-c", folder + "/none", "-s", "-"), read, "boot_slot", SLOTS);
        IOException e = assertThrows(IOException.class, () -> boot.same(List.of("ustate=1"), "/dev/mmcblk0p2"));
        assertTrue(e.getMessage().matches("(?s).* -s - ended with code \\d+: .+"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/dev/a=1", "/dev/a=1 /dev/a=2", "/dev/a=1 /dev/b=2 /dev/c=3", "/dev/a /dev/b=2", "=1 /dev/b=2"})
    void refusesSlotsThatAreNotTwo(String slots) {
        List<String> wrong = Arrays.asList(slots.split(" "));
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> new BootEnvironment(command, read, "boot_slot", wrong));
        assertTrue(e.getMessage().startsWith("slots: "), e.getMessage());
    }

    private List<String> environment() throws Exception {
        return Program.configured(read)
                .runWell()
                .output()
                .text()
                .lines()
                .sorted()
                .toList();
    }
}
