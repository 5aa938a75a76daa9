package io.gatehouse.cli.reach;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.cli.fleet.Trouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/** A real {@code sshd} on loopback, in the place of a device's terminal or of a relay. */
public final class OpenSshServer implements AutoCloseable {
    private final Path folder;
    private final int port;
    private final Process process;

    private OpenSshServer(Path folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /** Starts one that lets this user of the machine in, by keys alone. */
    public static OpenSshServer start(Path folder) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/sshd")), "OpenSSH's server is missing: /usr/sbin/sshd");
        assumeTrue(user().equals("root"), "sshd lets nobody in but who started it, and wants to be root for a PTY");
        Files.createDirectories(Path.of("/run/sshd"));
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        keygen(folder.resolve("host"));
        Path config = Files.writeString(
                folder.resolve("config"),
                String.join(
                        "\n",
                        "ListenAddress 127.0.0.1",
                        "Port " + port,
                        "HostKey " + folder.resolve("host"),
                        "AuthorizedKeysFile " + folder.resolve("authorized"),
                        "PidFile none",
                        "UsePAM no",
                        "StrictModes no",
                        "PrintMotd no",
                        "PermitRootLogin prohibit-password",
                        "PasswordAuthentication no",
                        ""));
        Files.writeString(folder.resolve("authorized"), "");
        Process process = new ProcessBuilder("/usr/sbin/sshd", "-D", "-e", "-f", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        OpenSshServer server = new OpenSshServer(folder, port, process);
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
            return true;
        });
        return server;
    }

    public static String user() {
        return System.getProperty("user.name");
    }

    /** Makes a key pair in a file, and beside it. */
    public static void keygen(Path file) {
        try {
            int exit = new ProcessBuilder(
                            "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "a/b/c", "-f", file.toString())
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("ssh-keygen ended with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets a key in, and no other. */
    public void admit(String line) throws IOException {
        Files.writeString(folder.resolve("authorized"), line + "\n");
    }

    public int port() {
        return port;
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    public String hostKey() throws IOException, Trouble {
        return SshKey.read(Files.readString(folder.resolve("host.pub"))).fingerprint();
    }

    public String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    @Override
    public void close() {
        List.copyOf(process.descendants().toList()).forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
