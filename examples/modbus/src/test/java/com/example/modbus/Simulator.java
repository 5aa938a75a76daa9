package com.example.modbus;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A Modbus TCP server that is not ours, pymodbus, in a process of its own; {@code simulator.py} says what it answers. */
final class Simulator implements AutoCloseable {
    private static final String PYTHON = "/usr/bin/python3";

    private final int port;
    private final Path said;
    private Process process;

    Simulator(Path folder) throws IOException, InterruptedException {
        assumeTrue(
                Files.isExecutable(Path.of(PYTHON))
                        && run("-c", "import pymodbus.server").waitFor() == 0,
                "skipped: there is no pymodbus for " + PYTHON
                        + " (Debian: apt-get install python3-pymodbus python3-serial python3-serial-asyncio)");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        said = folder.resolve("simulator.log");
        start();
    }

    private static Process run(String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(PYTHON).redirectErrorStream(true);
        builder.command().addAll(List.of(arguments));
        return builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }

    /** Starts it again after {@link #kill}. */
    void start() throws IOException {
        process = new ProcessBuilder(PYTHON, "src/test/resources/simulator.py", String.valueOf(port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(said.toFile()))
                .start();
        await("the simulator at port " + port).until(this::answers);
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    /** Stands still: the machine still takes connections for it, and nobody answers. */
    void pause() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-STOP", String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** What it said that begins with this, since it was first started. */
    List<String> said(String beginning) throws IOException {
        return Files.readAllLines(said).stream()
                .filter(line -> line.startsWith(beginning))
                .toList();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
