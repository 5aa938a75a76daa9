package io.gatehouse.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GatewayProcessTest {
    private final BlockingQueue<String> notes = new LinkedBlockingQueue<>();

    @TempDir
    private Path folder;

    @Test
    void keepsTheLastLinesAndWritesAllToTheLog() throws IOException, InterruptedException {
        GatewayProcess gateway = start("for i in $(seq 1 20); do echo line $i; done; exit 7");
        gateway.awaitOutput();
        assertEquals(15, gateway.lastLines().size());
        assertEquals("line 20", gateway.lastLines().get(14));
        assertEquals(20, Files.readAllLines(folder.resolve("log")).size());
        gateway.stop();
        assertEquals(7, gateway.exitCode());
    }

    @Test
    void tellsWhatTheSupervisorSays() throws IOException, InterruptedException {
        GatewayProcess gateway = start("echo quiet; echo 'gatehouse-gateway: ended with 1' >&2; sleep 60");
        String note = notes.poll(5, TimeUnit.SECONDS);
        assertTrue(note != null && note.startsWith("gatehouse-gateway: ended with 1"), note);
        gateway.stop();
    }

    @Test
    void leavesNoProcessBehind() throws IOException, InterruptedException {
        GatewayProcess gateway = start("sleep 60 & echo gatehouse-gateway: $!; wait");
        String note = notes.poll(5, TimeUnit.SECONDS);
        long child = Long.parseLong(String.valueOf(note).replaceAll("gatehouse-gateway: ([0-9]+).*", "$1"));
        ProcessHandle handle = ProcessHandle.of(child).orElseThrow();
        gateway.stop();
        assertFalse(gateway.isAlive());
        handle.onExit().orTimeout(5, TimeUnit.SECONDS).join();
        assertFalse(handle.isAlive());
    }

    private GatewayProcess start(String script) throws IOException {
        return GatewayProcess.start(List.of("sh", "-c", script), folder.resolve("log"), notes::add);
    }
}
