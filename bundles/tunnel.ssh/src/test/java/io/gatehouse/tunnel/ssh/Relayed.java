package io.gatehouse.tunnel.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A true OpenSSH server on a port of its own, with keys and a configuration that last as long as the test. */
final class Relayed implements AutoCloseable {
    private static final Path SSHD = Path.of("/usr/sbin/sshd");

    final Path folder;
    final int port;
    final String fingerprint;
    private Process process;

    /** Makes its files; the lines come behind what is needed to run at all. */
    Relayed(Path folder, List<String> lines) throws Exception {
        assumeTrue(Files.isExecutable(SSHD), SSHD + " is missing: apt-get install openssh-server");
        assumeTrue("root".equals(System.getProperty("user.name")), "an sshd that lets users in needs root");
        Files.createDirectories(Path.of("/run/sshd"));
        this.folder = folder;
        this.port = freePort();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        this.fingerprint = newKey("host");
        Files.writeString(authorizedKeys(), "");
        List<String> config = new ArrayList<>(List.of(
                "Port " + port,
                "ListenAddress 127.0.0.1",
                "AddressFamily inet", // as docs/tunnel.md advises: other tests have ports of 127.0.0.1
                "HostKey " + folder.resolve("host"),
                "PidFile none",
                "StrictModes no",
                "UsePAM no",
                "LogLevel VERBOSE"));
        config.addAll(lines);
        Files.write(folder.resolve("sshd_config"), config);
    }

    /** One that knows devices by {@link #authorizedKeys}, and permits them a forward of its loopback and no more. */
    static Relayed byKeys(Path folder, String... more) throws Exception {
        List<String> lines = new ArrayList<>(List.of(
                "AuthorizedKeysFile " + folder.resolve("authorized_keys"),
                "AuthenticationMethods publickey",
                "AllowTcpForwarding remote",
                "PermitTTY no"));
        lines.addAll(List.of(more));
        return new Relayed(folder, lines).started();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    Path authorizedKeys() {
        return folder.resolve("authorized_keys");
    }

    void authorize(String line) throws IOException {
        Files.writeString(authorizedKeys(), "restrict,port-forwarding,permitlisten=\"localhost:*\" " + line + "\n");
    }

    /** Makes an Ed25519 key in a file of this name, and tells its fingerprint. */
    String newKey(String name) throws Exception {
        run(
                "ssh-keygen",
                "-q",
                "-t",
                "ed25519",
                "-N",
                "",
                "-C",
                name,
                "-f",
                folder.resolve(name).toString());
        return run("ssh-keygen", "-lf", folder.resolve(name + ".pub").toString())
                .split(" ")[1];
    }

    static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (!process.waitFor(30, SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }

    Relayed started() throws Exception {
        process = new ProcessBuilder(
                        SSHD.toString(),
                        "-D",
                        "-e",
                        "-f",
                        folder.resolve("sshd_config").toString())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            if (!process.isAlive()) {
                throw new IOException(log());
            }
            return accepts(port);
        });
        return this;
    }

    String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** Ends it and all its sessions by SIGKILL. */
    void kill() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(handle -> handle.onExit().join());
    }

    /** Sends all its processes a signal. */
    void signal(String name) throws Exception {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name, String.valueOf(process.pid())));
        process.descendants().forEach(child -> command.add(String.valueOf(child.pid())));
        run(command.toArray(String[]::new));
    }

    @Override
    public void close() {
        kill();
    }
}
