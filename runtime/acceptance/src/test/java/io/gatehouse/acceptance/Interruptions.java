package io.gatehouse.acceptance;

import io.gatehouse.api.command.Members;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** What interrupts a firmware and what came of it, in {@code docs/firmware.md}. */
final class Interruptions {
    static final RecordedTable<Interruption> PAGE =
            new RecordedTable<>(Path.of("../../docs/firmware.md"), Interruption.class, """
            ## Interruptions

            Written by the tests (`./dev test --record`). A router of `device-images/router` runs in QEMU and takes a firmware from a broker. It is held each time that it \
            starts, that each report names the system that runs, that `applied` is told of the new one alone, and that the boot loader keeps it by then.

            A power cut ends QEMU's process (`kill -9`): what the disk had acknowledged is there, what it had not may be. *Back* is the longest time from switching it on until it is at the \
            broker, on processors that QEMU imitates.

            | interruption | what the router does | `./dev test` | `--long` | held by |
            |---|---|---|---|---|
            """, "\n");

    private Interruptions() {}

    /** Puts it on the page that a firmware ended so. */
    static void held(Interruption interruption, Members end) throws IOException {
        PAGE.held(interruption, end(end));
    }

    /** Puts it on the page that a firmware was taken each time that the power was cut so. */
    static void held(Interruption interruption, int cuts, Duration back) throws IOException {
        PAGE.held(
                interruption,
                String.format(
                        Locale.ROOT,
                        "%s, `applied`; back in %d s",
                        cuts == 1 ? "1 cut" : cuts + " cuts",
                        back.toSeconds()));
    }

    private static String end(Members end) {
        return "`" + end.string("state") + "`"
                + end.optionalObject("problem")
                        .map(problem -> " as `" + problem.string("type") + "`")
                        .orElse("");
    }
}
