package io.gatehouse.firmware;

import io.gatehouse.program.Ended;
import io.gatehouse.program.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The machine, as something that is started and started again. */
final class Machine {
    private static final String UNKNOWN = "";

    private final Path bootId;
    private final Program reboot;

    /**
     * This machine.
     *
     * @param root of its files
     * @param rebootCommand the program that starts it again, by its absolute path, and its arguments
     */
    Machine(Path root, List<String> rebootCommand) {
        this.bootId = root.resolve("proc/sys/kernel/random/boot_id");
        this.reboot = Program.of(rebootCommand);
    }

    /** What the kernel made up when it started; empty where that is not known. */
    String boot() {
        try {
            return Files.readString(bootId).strip();
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    /** Whether the kernel was not started again since. */
    boolean isBoot(String other) {
        return !other.equals(UNKNOWN) && other.equals(boot());
    }

    /**
     * Has it start again.
     *
     * @return why that did not work; nothing where the program says that it did
     */
    Optional<String> restart() throws InterruptedException {
        String name = reboot.command().get(0);
        try {
            Ended ended = reboot.run();
            return ended.isWell()
                    ? Optional.empty()
                    : Optional.of(
                            name + " " + ended.words() + ": " + ended.output().lastLine());
        } catch (IOException e) {
            return Optional.of("cannot run " + name + ": " + e.getMessage());
        }
    }
}
