package io.gatehouse.terminal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whom proc shows, with processes that are really there. */
@Timeout(60)
final class SessionProcessesTest {
    private static final Path PROC = Path.of("/proc");

    @Test
    void findsWhatDescendsFromTheHolderAndWhatBearsTheMark() throws Exception {
        String mark = "GATEHOUSE_TERMINAL=" + Own.command("test", 1);
        Process holder = sleeping("GATEHOUSE_OTHER=1");
        Process marked = sleeping(mark);
        try {
            SessionProcesses processes = new SessionProcesses(PROC, holder.pid(), mark);
            await().until(() ->
                    holder.children().count() == 1 && marked.children().count() == 1);
            Set<Long> found = processes.find();
            assertEquals(
                    Set.of(
                            holder.children().findFirst().orElseThrow().pid(),
                            marked.pid(),
                            marked.children().findFirst().orElseThrow().pid()),
                    found);
        } finally {
            end(holder);
            end(marked);
        }
    }

    @Test
    void saysWhereProcFailsOnTheWayThrough() throws Exception {
        // a process that has ended and whose parent does not ask has a folder that opens and does not read
        Process parent = new ProcessBuilder("/bin/sh", "-c", "sleep 0 & exec sleep 1000").start();
        try {
            await().until(() -> parent.children().count() == 1);
            Path ended = PROC.resolve(
                    String.valueOf(parent.children().findFirst().orElseThrow().pid()));
            await().until(() -> Files.readString(ended.resolve("stat")).contains(") Z "));
            Path failing = ended.resolve("net");
            assumeTrue(failsOnTheWay(failing), "this machine's proc reads also what has ended");
            SessionProcesses processes = new SessionProcesses(failing, 1, "GATEHOUSE_TERMINAL=x");
            IllegalStateException e = assertThrows(IllegalStateException.class, processes::find);
            assertTrue(e.getCause() instanceof DirectoryIteratorException, String.valueOf(e.getCause()));
            assertEquals("cannot see the processes in " + failing, e.getMessage());
        } finally {
            end(parent);
        }
    }

    private static boolean failsOnTheWay(Path folder) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            entries.forEach(entry -> {});
            return false;
        } catch (DirectoryIteratorException e) {
            return true;
        }
    }

    private static Process sleeping(String variable) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", "sleep 1000 & wait");
        String[] parts = variable.split("=", 2);
        builder.environment().put(parts[0], parts[1]);
        return builder.start();
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
