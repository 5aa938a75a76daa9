package io.gatehouse.tasks.machine;

import io.gatehouse.program.Environment;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The program that has the machine go down. Once it runs, nothing here ends it: half of a shutdown is worse than either. */
record Exit(List<String> command) {
    /**
     * Runs it to its end, which need not be that of the machine yet.
     *
     * @return why it did not work; nothing where it says that it did
     */
    Optional<String> take() throws InterruptedException {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
            Environment.replace(builder.environment());
            int code = builder.start().waitFor();
            return code == 0 ? Optional.empty() : Optional.of(command.get(0) + " ended with code " + code);
        } catch (IOException e) {
            return Optional.of("cannot run " + command.get(0) + ": " + e.getMessage());
        }
    }
}
