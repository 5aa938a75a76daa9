package io.gatehouse.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A stock OpenSSH server on loopback that lets the keys it knows listen, with one cipher for all. */
final class Relay implements AutoCloseable {
    static final String CIPHER = "aes128-gcm@openssh.com";

    private static final Path PROGRAM = Path.of("/usr/sbin/sshd");
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Path folder;
    private final int port;
    private final Running process;

    private Relay(Path folder, int port, Running process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /** Where it is installed, and may be run as it must. */
    static Optional<Path> installed() {
        boolean isRoot = "root".equals(System.getProperty("user.name"));
        return Optional.of(PROGRAM).filter(program -> isRoot && Files.isExecutable(program));
    }

    /** Starts one; the key pair {@code folder/own} may come, and whoever {@link #admit} names. */
    static Relay start(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Files.createDirectories(Path.of("/run/sshd"));
        for (String key : List.of("host", "own")) {
            Running.toItsEnd(
                    List.of(
                            "ssh-keygen",
                            "-q",
                            "-t",
                            "ed25519",
                            "-N",
                            "",
                            "-f",
                            folder.resolve(key).toString()),
                    Map.of(),
                    folder.resolve("keygen.log"));
        }
        int port = freePort();
        Files.copy(folder.resolve("own.pub"), folder.resolve("authorized"));
        Path settings = folder.resolve("sshd_config");
        Files.write(
                settings,
                List.of(
                        "ListenAddress 127.0.0.1",
                        "Port " + port,
                        "HostKey " + folder.resolve("host"),
                        "AuthorizedKeysFile " + folder.resolve("authorized"),
                        "StrictModes no",
                        "PidFile none",
                        "AllowTcpForwarding remote",
                        "Ciphers " + CIPHER));
        Running process = Running.start(
                List.of(PROGRAM.toString(), "-D", "-e", "-f", settings.toString()),
                Map.of(),
                folder.resolve("sshd.log"));
        Relay relay = new Relay(folder, port, process);
        relay.awaitPort(port);
        return relay;
    }

    /** A port at which nobody listens. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Lets one more key come; a line of {@code authorized_keys}. */
    void admit(String line) throws IOException {
        Files.writeString(folder.resolve("authorized"), line + "\n", StandardOpenOption.APPEND);
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** The fingerprint of its key, as OpenSSH prints it. */
    String hostKey() throws IOException, InterruptedException {
        Path log = folder.resolve("fingerprint");
        Running.toItsEnd(
                List.of("ssh-keygen", "-l", "-f", folder.resolve("host.pub").toString()), Map.of(), log);
        return Stream.of(Files.readString(log).split("\\s+"))
                .filter(word -> word.startsWith("SHA256:"))
                .collect(Collectors.joining());
    }

    /** OpenSSH's own client, which has the relay listen at a port and carries what comes there to this one. */
    Running openSsh(int listen, int target) throws IOException, InterruptedException {
        Running client = Running.start(
                List.of(
                        "ssh",
                        "-F",
                        "none",
                        "-N",
                        "-i",
                        folder.resolve("own").toString(),
                        "-p",
                        String.valueOf(port),
                        "-o",
                        "StrictHostKeyChecking=no",
                        "-o",
                        "UserKnownHostsFile=/dev/null",
                        "-o",
                        "ExitOnForwardFailure=yes",
                        "-R",
                        "127.0.0.1:" + listen + ":127.0.0.1:" + target,
                        "root@127.0.0.1"),
                Map.of(),
                folder.resolve("ssh.log"));
        awaitPort(listen);
        return client;
    }

    private void awaitPort(int awaited) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), awaited));
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw new IOException("nobody listens at port " + awaited + "; see the logs in " + folder, e);
                }
                Thread.sleep(10);
            }
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
