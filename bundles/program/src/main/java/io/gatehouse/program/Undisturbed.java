package io.gatehouse.program;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that nothing here ends: neither an interrupt, nor a signal to this process and its group, nor the end of it. So what it says goes to a file, since a
 * pipe without a reader would end it.
 */
final class Undisturbed {
    private final List<String> command;
    private final int kept;

    Undisturbed(List<String> command, int kept) {
        this.command = command;
        this.kept = kept;
    }

    /** Runs it to its end; where that is not awaited any more, the file stays for as long as it is written. */
    Ended run() throws IOException, InterruptedException {
        Path said = Files.createTempFile("gatehouse-", ".log");
        long began = System.nanoTime();
        Process process;
        try {
            process = start(said);
        } catch (IOException e) {
            Files.delete(said);
            throw e;
        }
        try {
            int code = process.waitFor();
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            return new Ended(true, code, took, part(said), new Kept(0).part());
        } finally {
            Files.delete(said); // who still writes it has it open
        }
    }

    private Process start(Path said) throws IOException {
        List<String> apart = new ArrayList<>();
        Program.find("setsid").ifPresent(setsid -> apart.addAll(setsid.command()));
        apart.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(apart)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(said.toFile())
                .redirectErrorStream(true);
        Environment.replace(builder.environment());
        return builder.start();
    }

    private Part part(Path said) throws IOException {
        Kept beginning = new Kept(kept);
        byte[] buffer = new byte[8 << 10];
        try (InputStream in = Files.newInputStream(said)) {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                beginning.add(buffer, length);
            }
        }
        return beginning.part();
    }
}
