package io.gatehouse.firmware.sysupgrade;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** A {@code sysupgrade} that writes an image already. */
final class Begun {
    private static final String NAME = "sysupgrade";

    private Begun() {}

    /** The one that was given this image, and not only to test it: a script, so its name is among the arguments of its shell. */
    static Optional<ProcessHandle> with(Path image) {
        return ProcessHandle.allProcesses()
                .filter(process ->
                        isWriting(process.info().arguments().map(List::of).orElse(List.of()), image))
                .findFirst();
    }

    private static boolean isWriting(List<String> arguments, Path image) {
        return !arguments.isEmpty()
                && arguments.get(arguments.size() - 1).equals(image.toString())
                && arguments.stream().anyMatch(argument -> argument.endsWith(NAME))
                && !arguments.contains("-T");
    }

    /** Returns when it ended, however that was. */
    static void await(ProcessHandle process) throws IOException, InterruptedException {
        try {
            process.onExit().get();
        } catch (ExecutionException e) {
            throw new IOException("the end of process " + process.pid() + ", which writes, cannot be awaited", e);
        }
    }
}
