package io.gatehouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.reach.OpenSshServer;
import io.gatehouse.protocol.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a device does about tunnels and terminals, by OpenSSH's client and server; remembers what was asked of it. */
final class OpenSshDevice {
    private static final Pattern ALLOCATED = Pattern.compile("Allocated port ([0-9]+) for remote forward.*");

    private final Path folder;
    private final List<String> closed = new CopyOnWriteArrayList<>();
    private final List<String> lost = new CopyOnWriteArrayList<>();
    private final List<Process> clients = new CopyOnWriteArrayList<>();
    private Map<String, String> attestation = Map.of();

    private OpenSshDevice(Path folder) {
        this.folder = folder;
    }

    /** One that keeps its new key here. */
    static OpenSshDevice in(Path folder) throws IOException {
        OpenSshServer.keygen(folder.resolve("device"));
        return new OpenSshDevice(folder);
    }

    /** The tunnels and terminals that were to be closed, in that order. */
    List<String> closed() {
        return closed;
    }

    /** For how long tunnels were to be kept whose link is lost. */
    List<String> lost() {
        return lost;
    }

    /** What runs for its tunnels, or did. */
    List<Process> clients() {
        return clients;
    }

    /** From now on its answers bear this. */
    void attests(Map<String, String> signed) {
        attestation = signed;
    }

    /** Nothing of it runs any more. */
    void endClients() throws InterruptedException {
        for (Process client : clients) {
            client.destroyForcibly().waitFor();
        }
    }

    /** A terminal that is there already, for whoever shows the key that is asked with. */
    Outcome openTerminal(OpenSshServer terminal, Message message) {
        try {
            terminal.admit(Json.read(message.payload()).string("key"));
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("id", "s1");
            result.put("port", terminal.port());
            result.put("hostKey", terminal.hostKey());
            result.put("user", OpenSshServer.user());
            result.put("until", until());
            if (!attestation.isEmpty()) {
                result.put("attestation", attestation);
            }
            return Outcome.done(result);
        } catch (IOException | Trouble e) { // the test sees it as the device's answer
            return Outcome.failed("test", e.toString());
        }
    }

    /** As a device does it: to the relay that is named, which shows the key that is named. */
    Outcome openTunnel(Message message) {
        Members asked = Json.read(message.payload());
        asked.optionalString("lost").ifPresent(lost::add);
        String[] relay = asked.string("relay").split(":");
        try {
            Process ssh = new ProcessBuilder(
                            "ssh",
                            "-F",
                            "none",
                            "-N",
                            "-i",
                            folder.resolve("device").toString(),
                            "-o",
                            "StrictHostKeyChecking=no",
                            "-o",
                            "UserKnownHostsFile=" + folder.resolve("known"),
                            "-p",
                            relay[1],
                            "-R",
                            "127.0.0.1:0:" + asked.string("target"),
                            asked.string("user") + "@" + relay[0])
                    .redirectErrorStream(true)
                    .start();
            clients.add(ssh);
            BufferedReader said = ssh.inputReader(UTF_8);
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                Matcher allocated = ALLOCATED.matcher(line);
                if (allocated.matches()) {
                    return opened(Integer.parseInt(allocated.group(1)));
                }
            }
            return Outcome.failed("relay-refused", asked.string("relay"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The answer of a tunnel that is open. */
    static Outcome opened(int port) {
        return Outcome.done(Map.of("id", "t1", "listen", port, "until", until()));
    }

    /** By when what it opens is open. */
    static String until() {
        return Instant.now().plusSeconds(600).toString();
    }

    /** Remembers which one; it closes nothing. */
    Outcome close(Message message) {
        closed.add(Json.read(message.payload()).string("id"));
        return Outcome.done(Map.of());
    }

    /** Its public key, as {@code authorized_keys} has it. */
    String key() {
        try {
            return Files.readString(folder.resolve("device.pub")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
