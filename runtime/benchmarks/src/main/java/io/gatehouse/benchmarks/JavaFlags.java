package io.gatehouse.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How the gateway's script runs Java, so that whatever it is held against runs the same way.
 *
 * @param flags of the virtual machine, but for those that name files of the gateway's own
 * @param archived whether it runs from an archive of its classes
 * @param environment what the C library reads
 */
record JavaFlags(List<String> flags, boolean archived, Map<String, String> environment) {
    private static final String ARCHIVE = "-XX:SharedArchiveFile=";
    private static final String DIRECTIVES = "-XX:CompilerDirectivesFile=";

    /** What a running Java process was started with. */
    static JavaFlags of(ProcessHandle java) throws IOException {
        Path process = Path.of("/proc", Long.toString(java.pid()));
        Map<String, String> environment = new HashMap<>();
        for (String variable : strings(process.resolve("environ"))) {
            if (variable.startsWith("MALLOC_")) {
                environment.put(variable.split("=", 2)[0], variable.split("=", 2)[1]);
            }
        }
        return of(strings(process.resolve("cmdline")), environment);
    }

    static JavaFlags of(List<String> commandLine, Map<String, String> environment) {
        List<String> flags = new ArrayList<>();
        boolean archived = false;
        for (String argument : commandLine) {
            if (argument.startsWith(ARCHIVE)) {
                archived = true;
            } else if (argument.startsWith(DIRECTIVES)) {
                flags.add(argument); // what is compiled, and how
            } else if (argument.startsWith("-X") && !argument.contains("/") && !argument.startsWith("-Xshare")) {
                flags.add(argument);
            }
        }
        return new JavaFlags(List.copyOf(flags), archived, Map.copyOf(environment));
    }

    private static List<String> strings(Path file) throws IOException {
        return List.of(Files.readString(file, StandardCharsets.UTF_8).split("\0", -1));
    }

    String text() {
        return "`" + String.join(" ", flags) + "`"
                + (archived ? ", each with a class data archive of its own" : "")
                + (environment.isEmpty() ? "" : ", " + environment);
    }
}
