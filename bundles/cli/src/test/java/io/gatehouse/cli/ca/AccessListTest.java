package io.gatehouse.cli.ca;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.cli.ca.AccessList.Member;
import io.gatehouse.protocol.Pem;
import io.gatehouse.protocol.trust.PrivateKeyFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a real mosquitto lets devices do by these lists. */
final class AccessListTest {
    private static final Path MOSQUITTO = Path.of("/usr/sbin/mosquitto");
    private static final String MINE = "dwr/311-a1/7";
    private static final String OTHERS = "dwr/311-a1/8";
    private static final Duration LIFE = Duration.ofDays(1);

    @TempDir
    private Path folder;

    private Authority authority;
    private Process broker;
    private int port;
    private int operators;

    @BeforeEach
    void thereAreCertificates() throws Exception {
        assumeTrue(Files.isExecutable(MOSQUITTO), "skipped: there is no " + MOSQUITTO);
        authority = Authority.create(folder.resolve("fleet"), "Fleet", Clock.systemUTC());
        CertificateFiles files = new CertificateFiles(authority);
        files.server(List.of("localhost"), folder, LIFE);
        files.client("anna", folder, LIFE);
        device("mine", MINE);
        device("others", OTHERS);
        device("stranger", "dwr/311-a1/9");
    }

    @AfterEach
    void end() {
        if (broker != null) {
            broker.destroyForcibly();
        }
    }

    @Test
    @Timeout(60)
    void aDeviceCanTouchOnlyWhatIsItsOwn() throws Exception {
        start(
                AccessList.fleet(List.of(Member.read(MINE + "@world/asia"), Member.read(OTHERS)), List.of("anna")),
                "cafile " + folder.resolve("fleet/ca.pem"),
                "require_certificate true",
                "use_identity_as_username true");
        for (String topic : List.of(
                MINE + "/status", MINE + "/claim", MINE + "/hardware/load", "world/asia/temperature", "reply/x")) {
            assertEquals(true, publishes("mine", topic), topic);
        }
        for (String topic : List.of(
                OTHERS + "/status",
                OTHERS + "/cmd/reboot",
                "dwr/desired/trust",
                "dwr/311-a1/cmd/reboot",
                "world/cmd/reboot",
                "world/asia/taiwan/temperature",
                "world/temperature",
                "claim/x",
                "else")) {
            assertEquals(false, publishes("mine", topic), topic);
        }
        assertEquals(false, publishes("others", "world/asia/temperature"));
        assertEquals(false, publishes("stranger", "dwr/311-a1/9/status"), "of whom the list says nothing");
        List<String> own = List.of(
                MINE + "/cmd/ping",
                MINE + "/claim/certificate",
                "dwr/desired/trust",
                "dwr/311-a1/cmd/ping",
                "world/desired/feature/x",
                "world/asia/cmd/ping");
        List<String> foreign = List.of(
                OTHERS + "/cmd/ping",
                OTHERS + "/status",
                "reply/x",
                "world/asia/temperature",
                "world/asia/taiwan/cmd/ping",
                "claim/x",
                "else");
        assertEquals(own, heard("mine", "dwr/cmd/end", own, foreign));
        assertEquals(
                List.of("dwr/desired/trust", "dwr/311-a1/cmd/ping", OTHERS + "/cmd/ping", OTHERS + "/status"),
                heard("others", "dwr/cmd/end", own, foreign),
                "it stands nowhere");
    }

    @Test
    @Timeout(60)
    void whoHasNoCertificateCanClaimAndNothingElse() throws Exception {
        Path nobody = Files.createFile(folder.resolve("nobody"));
        operators = freePort();
        start(
                AccessList.claims(List.of("anna")),
                "password_file " + nobody,
                "listener " + operators + " 127.0.0.1",
                "certfile " + folder.resolve("localhost.pem"),
                "keyfile " + folder.resolve("localhost.key"),
                "cafile " + folder.resolve("fleet/ca.pem"),
                "require_certificate true",
                "use_identity_as_username true");
        assertEquals(true, publishes(null, "claim/x"));
        for (String topic : List.of("claim/x/certificate", MINE + "/status", "dwr/desired/trust", "reply/x")) {
            assertEquals(false, publishes(null, topic), topic);
        }
        List<String> answers = List.of("claim/x/certificate");
        List<String> others = List.of("claim/x", MINE + "/cmd/ping", "dwr/desired/trust", "reply/x");
        assertEquals(answers, heard(null, "claim/end/certificate", answers, others));
        List<String> pretending = client("mosquitto_pub", null);
        pretending.addAll(List.of("-u", "anna", "-P", "x", "-t", "dwr/desired/trust", "-m", "1", "-q", "1", "-d"));
        assertEquals(false, run(pretending).contains("received CONNACK (0)"), "a name that nobody proved");
    }

    private void device(String file, String name) throws IOException {
        KeyPair pair = Authority.generate();
        SubjectPublicKeyInfo key =
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
        PrivateKeyFile.write(folder.resolve(file + ".key"), pair.getPrivate());
        Files.writeString(
                folder.resolve(file + ".pem"),
                Pem.write(Pem.CERTIFICATE, Authority.encoded(authority.issueClient(name, key, LIFE))));
    }

    private void start(List<String> list, String... settings) throws IOException {
        port = freePort();
        operators = operators == 0 ? port : operators;
        Path acl = Files.write(folder.resolve("acl"), list);
        List<String> lines = new ArrayList<>(List.of(
                "user " + System.getProperty("user.name"),
                "listener " + port + " 127.0.0.1",
                "certfile " + folder.resolve("localhost.pem"),
                "keyfile " + folder.resolve("localhost.key"),
                "allow_anonymous true",
                "acl_file " + acl));
        lines.addAll(List.of(settings));
        Path configuration = Files.write(folder.resolve("mosquitto.conf"), lines);
        broker = new ProcessBuilder(MOSQUITTO.toString(), "-c", configuration.toString())
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

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Whether the broker takes it: it answers with 0, or 16 where nobody listens; not authorized is 135. */
    private boolean publishes(String who, String topic) throws Exception {
        List<String> command = client("mosquitto_pub", who);
        command.addAll(List.of("-t", topic, "-m", "1", "-q", "1", "-d"));
        String said = run(command);
        boolean taken = said.contains("RC:0)") || said.contains("RC:16)");
        assertEquals(!taken, said.contains("RC:135)"), said);
        return taken;
    }

    /** What comes to who asks for everything, of what an operator publishes, up to the last, which everybody hears. */
    private List<String> heard(String who, String last, List<String> first, List<String> then) throws Exception {
        List<String> command = client("mosquitto_sub", who);
        command.addAll(List.of("-t", "#", "-q", "1", "-d", "-F", "heard %t"));
        command.addAll(0, List.of("stdbuf", "-oL")); // or it would keep what it has to say until that is more
        Process sub = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> heard = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(sub.getInputStream()))) {
            String line = lines.readLine();
            while (!line.startsWith("Subscribed")) {
                line = lines.readLine();
            }
            List<String> all = new ArrayList<>(first);
            all.addAll(then);
            all.add(last);
            for (String topic : all) {
                assertEquals(true, publishes("anna", topic), topic);
            }
            while (!line.equals("heard " + last)) {
                line = lines.readLine();
                if (line.startsWith("heard ")) {
                    heard.add(line.substring("heard ".length()));
                }
            }
        } finally {
            sub.destroyForcibly();
        }
        heard.remove(last);
        return heard;
    }

    private List<String> client(String program, String who) {
        List<String> command = new ArrayList<>(List.of(
                program,
                "-V",
                "5",
                "-h",
                "localhost",
                "-p",
                String.valueOf("anna".equals(who) ? operators : port),
                "--cafile",
                folder.resolve("fleet/ca.pem").toString()));
        if (who != null) {
            command.addAll(List.of(
                    "--cert", folder.resolve(who + ".pem").toString(),
                    "--key", folder.resolve(who + ".key").toString()));
        }
        return command;
    }

    private static String run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        process.waitFor();
        return said;
    }
}
