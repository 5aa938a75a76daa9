package io.gatehouse.acceptance;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A relay: OpenSSH's server with the lines that docs/tunnel.md gives, but for the account, which is the one that there is. */
final class OpenSsh implements AutoCloseable {
    private static final Path PAGE = Path.of("../../docs/tunnel.md");
    private static final Pattern LINES = Pattern.compile("```sshd_config\\n(.*?)```", Pattern.DOTALL);
    private static final String ACCOUNT = "Match User tunnel";

    private final Path folder;
    private final String host;
    private final int port = BrokerProcess.freePort();
    private final String hostKey;
    private final Child process;

    private OpenSsh(Path folder, String host) throws Exception {
        this.folder = folder;
        this.host = host;
        Files.createDirectories(Path.of("/run/sshd"));
        Path key = folder.resolve("host");
        Shell.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString());
        hostKey = fingerprint(key.resolveSibling("host.pub"));
        List<String> config = new ArrayList<>(List.of(
                "Port " + port,
                "ListenAddress " + host,
                "AddressFamily inet", // as docs/tunnel.md advises: other tests have ports of 127.0.0.1
                "HostKey " + key,
                "AuthorizedKeysFile " + folder.resolve("authorized_keys"),
                "PidFile none",
                "StrictModes no",
                "UsePAM no",
                "ClientAliveInterval 1"));
        config.addAll(documented());
        Files.write(folder.resolve("sshd_config"), config);
        process = Child.start(List.of(
                "/usr/sbin/sshd",
                "-D",
                "-e",
                "-f",
                folder.resolve("sshd_config").toString()));
        Awaitility.await("sshd").atMost(Duration.ofSeconds(30)).until(() -> accepts(host, port));
    }

    /** One at this address of this machine; skips the test that calls it where there is none. */
    static OpenSsh start(Path folder, String host) throws Exception {
        Shell.assumeRootWith("a relay", "/usr/sbin/sshd", "/usr/bin/ssh-keygen");
        return new OpenSsh(Files.createDirectories(folder), host);
    }

    private static List<String> documented() throws IOException {
        Matcher lines = LINES.matcher(Files.readString(PAGE));
        if (!lines.find()) {
            throw new IOException(PAGE + " has no sshd_config");
        }
        String text = lines.group(1);
        if (!text.startsWith(ACCOUNT)) {
            throw new IOException(PAGE + " does not begin with " + ACCOUNT + ": " + text);
        }
        return text.replace(ACCOUNT, "Match User root").lines().toList();
    }

    private static String fingerprint(Path key) throws Exception {
        return EnrolledFleet.run(List.of("ssh-keygen", "-l", "-f", key.toString()))
                .split(" ")[1];
    }

    /** Lets one more device come; the line that {@code tunnel.key} answers. */
    void authorize(String line) throws IOException {
        Path file = folder.resolve("authorized_keys");
        String before = Files.exists(file) ? Files.readString(file) : "";
        Files.writeString(file, before + "restrict,port-forwarding,permitlisten=\"localhost:*\" " + line + "\n");
    }

    String address() {
        return host + ":" + port;
    }

    String hostKey() {
        return hostKey;
    }

    /** Its sessions end at once, without a word; it goes on listening. */
    void killSessions() {
        sessions().forEach(ProcessHandle::destroyForcibly);
    }

    /** Sends its sessions a signal. */
    void signalSessions(String name) throws IOException {
        for (ProcessHandle session : sessions()) {
            Shell.run("kill", "-" + name, String.valueOf(session.pid()));
        }
    }

    private List<ProcessHandle> sessions() {
        return ProcessHandle.of(process.pid()).stream()
                .flatMap(ProcessHandle::descendants)
                .toList();
    }

    /** What it says. */
    String log() {
        return process.output();
    }

    /** Whether somebody listens there. */
    static boolean accepts(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        killSessions();
        process.close();
    }
}
