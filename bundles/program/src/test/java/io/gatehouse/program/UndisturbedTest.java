package io.gatehouse.program;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UndisturbedTest {
    /** Says something before and after it is let go on, as what is written shows. */
    private static final String WRITING = "echo $$ > %1$s/new && mv %1$s/new %1$s/pid; echo begun;"
            + " until [ -e %1$s/go ]; do sleep 0.05; done; echo written && echo written > %1$s/slot; exit 3";

    @TempDir
    Path folder;

    @Test
    void saysHowItEndedAndWhatItSaid() throws Exception {
        Ended ended = shell("cat; echo out; echo err >&2; exit 3")
                .within(Duration.ZERO)
                .keeping(6)
                .runUndisturbed();
        assertEquals("ended with code 3", ended.words());
        assertEquals("out\ner", ended.output().text());
        assertEquals(2, ended.output().beyond());
    }

    @Test
    void goesOnWhereItsEndIsNotAwaitedAnyMore() throws Exception {
        FutureTask<Ended> running =
                new FutureTask<>(shell(WRITING.formatted(folder)).within(Duration.ZERO)::runUndisturbed);
        Thread caller = new Thread(running);
        caller.start();
        ProcessHandle process = process();
        caller.interrupt();
        caller.join();
        ExecutionException e = assertThrows(ExecutionException.class, running::get);
        assertEquals(InterruptedException.class, e.getCause().getClass());
        finish(process);
    }

    @Test
    void outlivesTheProcessThatStartedIt() throws Exception {
        assumeTrue(Program.find("setsid").isPresent(), "this machine has no setsid");
        Process caller = caller();
        ProcessHandle process = process();
        caller.toHandle().destroyForcibly();
        assertTrue(caller.waitFor(1, TimeUnit.MINUTES));
        finish(process);
    }

    @Test
    void mindsNoSignalToTheGroupOfWhoStartedIt() throws Exception {
        assumeTrue(Program.find("setsid").isPresent(), "this machine has no setsid");
        Process caller = caller();
        ProcessHandle process = process();
        assertEquals(process.pid(), session(process), "no session of its own");
        shell("kill -TERM -" + caller.pid()).runWell();
        assertTrue(caller.waitFor(1, TimeUnit.MINUTES));
        finish(process);
    }

    /** A process of Java in a group of its own, which runs it. */
    private Process caller() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(List.of(
                        "setsid",
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Caller.class.getName(),
                        WRITING.formatted(folder)))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
    }

    private ProcessHandle process() throws IOException {
        Path pid = folder.resolve("pid");
        await().until(() -> Files.exists(pid));
        return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    }

    /** Lets it go on, which it does to its end, and says something meanwhile. */
    private void finish(ProcessHandle process) throws Exception {
        assertTrue(process.isAlive());
        assertFalse(Files.exists(folder.resolve("slot")));
        CompletableFuture<ProcessHandle> end = process.onExit();
        Files.createFile(folder.resolve("go"));
        await().until(() -> Files.exists(folder.resolve("slot")));
        end.get(1, TimeUnit.MINUTES);
    }

    private static long session(ProcessHandle process) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3]);
    }

    private static Program shell(String script) {
        return Program.of(List.of("/bin/sh", "-c", script));
    }

    /** Runs the script that it is given. */
    static final class Caller {
        private Caller() {}

        public static void main(String... arguments) throws IOException, InterruptedException {
            shell(arguments[0]).runUndisturbed();
        }
    }
}
