package io.gatehouse.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A machine in QEMU that is on until it is closed, which is a power cut: nobody in it notices. */
final class Machine implements AutoCloseable {
    private static final Path RUN =
            Path.of("../../device-images/router/run").toAbsolutePath().normalize();

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final Path console;

    private Machine(List<String> command, Path console) throws IOException {
        this.console = console;
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        console.resolveSibling("qemu.log").toFile()))
                .start();
    }

    /** One with that disk; what it says on its console from now on is all that is in the file. */
    static Machine on(Path disk, Path console) throws IOException {
        return new Machine(command(disk, console), console);
    }

    /** One of which each write to the disk is kept in a {@link WriteLog} too. */
    static Machine recorded(Path disk, Path console, Path log) throws IOException {
        Files.write(log, new byte[0]);
        String plain = "file=" + disk + ",format=raw,";
        String recorded = "driver=blklogwrites,file.driver=raw,file.file.filename=" + disk
                + ",log.driver=raw,log.file.filename=" + log + ",";
        List<String> command = new ArrayList<>(command(disk, console));
        command.replaceAll(word -> word.replace(plain, recorded));
        if (command.stream().noneMatch(word -> word.contains(recorded))) {
            throw new AssertionError("QEMU gets its disk otherwise than by " + plain + ": " + command);
        }
        return new Machine(command, console);
    }

    /** One whose disk is afterwards as it was. */
    static Machine passing(Path disk, Path console) throws IOException {
        List<String> command = new ArrayList<>(command(disk, console));
        command.add("-snapshot");
        return new Machine(command, console);
    }

    private static List<String> command(Path disk, Path console) throws IOException {
        Files.deleteIfExists(console);
        try (Child run =
                Child.start(List.of(RUN.toString(), disk.toString(), "--console", console.toString(), "--command"))) {
            String command = run.awaitLine(line -> line.startsWith("qemu-system-"), PATIENCE);
            return List.of(command.strip().split(" "));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("no longer wanted: " + RUN, e);
        }
    }

    /** What it said on its console. */
    String console() {
        return said(console);
    }

    /** What the file of a console has, which may not be there yet. */
    static String said(Path console) {
        try {
            return Files.exists(console) ? Files.readString(console, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            return "cannot be read: " + e;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
