package io.gatehouse.terminal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.device.Device;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.api.tunnel.TunnelTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A device with terminals, and an operator with a key. */
final class Place implements AutoCloseable {
    static final Limits LIMITS =
            new Limits(2, Duration.ofHours(1), Duration.ofHours(8), Duration.ofMinutes(15), Duration.ofMinutes(2));

    final Events events = new Events();
    final List<TunnelTarget> targets = new CopyOnWriteArrayList<>();
    final Device device = new Gateway();
    final Path folder;
    final Terminals terminals;
    final TerminalOpen open;

    Place(Path folder, Settings settings) {
        this(folder, settings, Tools.ofThisMachine());
    }

    Place(Path folder, Settings settings, Tools tools) {
        this(folder, settings, tools, Presence.UNTOLD);
    }

    Place(Path folder, Settings settings, Presence presence) {
        this(folder, settings, Tools.ofThisMachine(), presence);
    }

    private Place(Path folder, Settings settings, Tools tools, Presence presence) {
        this.folder = folder;
        terminals = new Terminals(settings, tools, presence, events, device);
        open = new TerminalOpen(terminals, target -> {
            targets.add(target);
            return () -> targets.remove(target);
        });
    }

    static Place of(Path folder) {
        return new Place(folder, settings(LIMITS));
    }

    static Settings settings(Limits limits) {
        return new Settings(true, true, login(), limits, Optional.empty());
    }

    static Login login() {
        // no profile of this machine, and a prompt that is known
        return new Login(List.of("/bin/sh", "-i"), "", Map.of("PS1", "$ ", "ENV", ""));
    }

    /** This machine's programs, but for {@code stty}, which is this shell script. */
    static Tools tools(Path folder, String script) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path stty = Files.writeString(bin.resolve("stty"), "#!/bin/sh\n" + script + "\n");
        if (!stty.toFile().setExecutable(true)) {
            throw new IOException("cannot make a program of " + stty);
        }
        List<Path> folders = new ArrayList<>(List.of(bin));
        for (String usual : Tools.ofThisMachine().path().split(":", -1)) {
            folders.add(Path.of(usual));
        }
        return new Tools(folders);
    }

    /** A new key; the file of the private one. */
    Path key(String name) throws IOException, InterruptedException {
        Path key = folder.resolve(name);
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name + "@desk", "-f", key.toString());
        return key;
    }

    static String line(Path key) throws IOException {
        return Files.readString(Path.of(key + ".pub")).strip();
    }

    Outcome asked(Map<String, ?> arguments) throws IOException {
        return open.handle(Asked.with(arguments));
    }

    Map<String, ?> opened(Path key, Map<String, ?> more) throws IOException {
        Map<String, Object> arguments = new HashMap<>(more);
        arguments.put("key", line(key));
        Outcome outcome = asked(arguments);
        if (outcome instanceof Outcome.Done done) {
            return done.result();
        }
        throw new AssertionError("not opened: " + outcome);
    }

    Map<String, ?> closed() {
        await().atMost(30, TimeUnit.SECONDS).until(() -> events.states().contains("closed"));
        return events.bodies.stream()
                .filter(body -> body.get("state").equals("closed"))
                .findFirst()
                .orElseThrow();
    }

    /** Runs OpenSSH's client with what is typed, until it ends. */
    Said ssh(Map<String, ?> opened, Path key, String typed, String... more) throws IOException, InterruptedException {
        Process process = begin(opened, key, more);
        process.getOutputStream().write(typed.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), said);
    }

    Process begin(Map<String, ?> opened, Path key, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of("ssh", "-F", "none", "-p", String.valueOf(opened.get("port"))));
        command.addAll(List.of("-i", key.toString(), "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"));
        command.addAll(List.of("-o", "StrictHostKeyChecking=accept-new"));
        command.addAll(List.of("-o", "UserKnownHostsFile=" + folder.resolve("known_hosts")));
        command.addAll(List.of(more));
        int host = command.indexOf("--");
        command.add(host < 0 ? command.size() : host, "operator@127.0.0.1");
        command.remove("--");
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }

    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("terminal-") || name.startsWith("sshd-"))
                .sorted()
                .toList();
    }

    @Override
    public void close() {
        terminals.close();
        assertEquals(List.of(), terminals.all());
        assertEquals(List.of(), targets);
    }

    /** What a program said, and with what it ended. */
    record Said(int code, String text) {}

    static final class Events implements Outbox {
        final List<Map<String, ?>> bodies = new CopyOnWriteArrayList<>();

        /** What comes of telling anything. */
        volatile @Nullable Error failing;

        List<String> states() {
            return bodies.stream()
                    .map(body -> String.valueOf(body.get("state")))
                    .toList();
        }

        @Override
        public void event(String name, Map<String, ?> body) {
            assertEquals("terminal", name);
            Error error = failing;
            if (error != null) {
                throw error;
            }
            bodies.add(body);
        }

        @Override
        public void observation(String topic, Instant at, Map<String, ?> body, boolean alsoAtPlace) {
            throw new AssertionError("unexpected observation " + topic);
        }

        @Override
        public void report(String resource, Map<String, ?> body) {
            throw new AssertionError("unexpected report " + resource);
        }

        @Override
        public void send(Message message) {
            throw new AssertionError("unexpected message " + message.topic());
        }
    }

    private static final class Gateway implements Device {
        @Override
        public String name() {
            return "dwr/311-a1/00-11-22-33-44-55";
        }

        @Override
        public Optional<String> place() {
            return Optional.empty();
        }

        @Override
        public String boot() {
            return "0123456789abcdef";
        }

        @Override
        public List<String> scopes() {
            return List.of(name());
        }
    }
}
