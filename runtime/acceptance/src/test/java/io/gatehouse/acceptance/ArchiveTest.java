package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gatehouse-gateway archive}, on a copy of what is shipped. */
final class ArchiveTest {
    private static final String TRACED = "-Xshare:auto -XX:+UseSerialGC -Xlog:class+load";
    private static final String DISPATCHER = "io.gatehouse.dispatch.Dispatcher source: ";

    @TempDir
    Path folder;

    private Path script;
    private Path archive;
    private Path out;
    private Path scratch;

    @BeforeEach
    void copy() throws Exception {
        Path home = folder.resolve("gateway");
        out = folder.resolve("out");
        scratch = Files.createDirectory(folder.resolve("scratch"));
        Process copy = new ProcessBuilder("cp", "-Rp", GatewayProcess.home().toString(), home.toString()).start();
        assertEquals(0, copy.waitFor());
        script = home.resolve("bin/gatehouse-gateway");
        archive = home.resolve("lib/gatehouse.jsa");
    }

    private Process script(String options, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().put("TMPDIR", scratch.toString());
        if (!options.isEmpty()) {
            builder.environment().put("GATEHOUSE_JAVA_OPTS", options);
        }
        return builder.start();
    }

    private int end(Process process) throws Exception {
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the script does not end");
        return process.exitValue();
    }

    private String startedWith(String options) throws Exception {
        Process gateway = script(options, "--state", folder.resolve("state").toString());
        Awaitility.await("a start").atMost(Duration.ofMinutes(1)).until(() -> Files.readString(out)
                .contains("bundles, started in"));
        gateway.destroy();
        end(gateway);
        return Files.readString(out);
    }

    @Test
    void laterStartsTakeTheirClassesFromIt() throws Exception {
        assertTrue(startedWith(TRACED).contains(DISPATCHER + "file:"), "without an archive it comes from its jar");
        assertEquals(0, end(script("", "archive")), () -> "see " + out);
        assertTrue(Files.size(archive) > 1_000_000);
        assertTrue(startedWith(TRACED).contains(DISPATCHER + "shared objects file (top)"), "from the archive");
        assertEquals(0, scratch.toFile().list().length, "scratch is left behind");
    }

    @Test
    void saysWhyThereIsNone() throws Exception {
        assertEquals(1, end(script("", "archive", "--nope")));
        assertTrue(Files.readString(out).contains("unknown argument: --nope"), Files.readString(out));
        assertTrue(Files.notExists(archive));
    }
}
