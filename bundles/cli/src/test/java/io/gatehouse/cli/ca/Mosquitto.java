package io.gatehouse.cli.ca;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.protocol.Pem;
import io.gatehouse.protocol.trust.PrivateKeyFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * A real broker that speaks TLS with a certificate of the authority in {@code fleet}, and its clients; among them anna, who has hers
 * from another authority, the operators', and comes in at their listener.
 */
final class Mosquitto implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/sbin/mosquitto");
    private static final Duration LIFE = Duration.ofDays(1);

    private final Path folder;
    private final Authority authority;
    private Process broker;
    private int port;
    private int operators;

    /** One that keeps its files in this folder; the test is skipped where there is none on this machine. */
    Mosquitto(Path folder) throws Trouble {
        assumeTrue(Files.isExecutable(PROGRAM), "skipped: there is no " + PROGRAM);
        this.folder = folder;
        authority = Authority.create(folder.resolve("fleet"), "Fleet", Clock.systemUTC());
        CertificateFiles files = new CertificateFiles(authority);
        files.server(List.of("localhost"), folder, LIFE);
        Authority other = Authority.create(folder.resolve("operators"), "Operators", Clock.systemUTC());
        new CertificateFiles(other).client("anna", folder, LIFE);
    }

    Authority authority() {
        return authority;
    }

    /** Gives a device a key and a certificate, of which the register knows nothing. */
    void device(String file, String name) throws IOException {
        KeyPair pair = Authority.generate();
        SubjectPublicKeyInfo key =
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
        PrivateKeyFile.write(folder.resolve(file + ".key"), pair.getPrivate());
        Files.writeString(
                folder.resolve(file + ".pem"),
                Pem.write(Pem.CERTIFICATE, Authority.encoded(authority.issueClient(name, key, LIFE))));
    }

    /**
     * Starts it.
     *
     * @param settings of the listener at which devices come in
     */
    void start(List<String> list, String... settings) throws IOException {
        port = freePort();
        operators = freePort();
        Path acl = Files.write(folder.resolve("acl"), list);
        List<String> lines = new ArrayList<>(List.of(
                "user " + System.getProperty("user.name"),
                "allow_anonymous true",
                "acl_file " + acl,
                "listener " + port + " 127.0.0.1",
                "certfile " + folder.resolve("localhost.pem"),
                "keyfile " + folder.resolve("localhost.key")));
        lines.addAll(List.of(settings));
        lines.addAll(List.of(
                "listener " + operators + " 127.0.0.1",
                "certfile " + folder.resolve("localhost.pem"),
                "keyfile " + folder.resolve("localhost.key"),
                "cafile " + folder.resolve("operators/ca.pem"),
                "require_certificate true",
                "use_identity_as_username true"));
        Files.write(folder.resolve("mosquitto.conf"), lines);
        broker = new ProcessBuilder(
                        PROGRAM.toString(),
                        "-c",
                        folder.resolve("mosquitto.conf").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("mosquitto.log").toFile())
                .start();
        await().until(() -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** Has it read again what it does when it is asked to. */
    void reload() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-HUP", String.valueOf(broker.pid())).start().waitFor();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** What it has said since it began. */
    String log() {
        try {
            return Files.readString(folder.resolve("mosquitto.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the broker takes it: it answers with 0, or 16 where nobody listens; not authorized is 135. */
    boolean publishes(String who, String topic) throws Exception {
        List<String> command = client("mosquitto_pub", who);
        command.addAll(List.of("-t", topic, "-m", "1", "-q", "1", "-d"));
        String said = run(command);
        boolean taken = said.contains("RC:0)") || said.contains("RC:16)");
        assertEquals(!taken, said.contains("RC:135)"), said);
        return taken;
    }

    /** Whether the broker lets somebody in. */
    boolean letsIn(String who) throws Exception {
        List<String> command = client("mosquitto_pub", who);
        command.addAll(List.of("-t", "x", "-m", "1", "-q", "0", "-d"));
        return run(command).contains("received CONNACK (0)");
    }

    /** Whether the operators' listener lets somebody in. */
    boolean letsInAmongOperators(String who) throws Exception {
        List<String> command = client("mosquitto_pub", who, operators);
        command.addAll(List.of("-t", "x", "-m", "1", "-q", "0", "-d"));
        return run(command).contains("received CONNACK (0)");
    }

    List<String> client(String program, String who) {
        return client(program, who, "anna".equals(who) ? operators : port);
    }

    private List<String> client(String program, String who, int where) {
        List<String> command = new ArrayList<>(List.of(
                program,
                "-V",
                "5",
                "-h",
                "localhost",
                "-p",
                String.valueOf(where),
                "--cafile",
                folder.resolve("fleet/ca.pem").toString()));
        if (who != null) {
            command.addAll(List.of(
                    "--cert", folder.resolve(who + ".pem").toString(),
                    "--key", folder.resolve(who + ".key").toString()));
        }
        return command;
    }

    static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return said;
    }

    @Override
    public void close() {
        if (broker != null) {
            broker.destroyForcibly();
        }
    }
}
