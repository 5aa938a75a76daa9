package io.gatehouse.acceptance;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.protocol.Topic;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An authority and its brokers, set up as {@code docs/enrollment.md} says, with the operators' command as it is shipped. */
final class EnrolledFleet implements AutoCloseable {
    private static final Path TEXT = Path.of("../../docs/enrollment.md");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PING_LIFE = Duration.ofMinutes(1);

    private final Path folder;
    private final List<Runnable> ends = new ArrayList<>();
    private final Documented brokers;
    private final Documented claims;

    /** A mosquitto with a configuration of that text, on ports and with files of its own. */
    private static final class Documented extends BrokerProcess {
        private final Path file;
        private final UnaryOperator<String> here;
        private final int second = freePort();

        Documented(Path file, UnaryOperator<String> here) throws IOException {
            this.file = file;
            this.here = here;
        }

        @Override
        public void forget() {
            throw new UnsupportedOperationException("keeps nothing");
        }

        @Override
        protected Child launch() throws IOException {
            String name = file.getFileName().toString();
            Matcher block = Pattern.compile("`" + name + "`[^`]*```\n(.*?)```", Pattern.DOTALL)
                    .matcher(Files.readString(TEXT));
            if (!block.find()) {
                throw new AssertionError(TEXT + " has no " + name);
            }
            String text = here.apply(block.group(1))
                    .replaceFirst("listener \\d+", "listener " + port() + " 127.0.0.1")
                    .replaceFirst("listener 888[56]", "listener " + second + " 127.0.0.1");
            Files.writeString(file, "user " + System.getProperty("user.name") + "\n" + text);
            return Child.start(List.of(Mosquitto.PROGRAM.toString(), "-c", file.toString()));
        }
    }

    /**
     * Makes the authority, and starts both brokers.
     *
     * @param devices for each of which a token is made
     */
    EnrolledFleet(Path folder, String... devices) throws Exception {
        this.folder = folder;
        gatehouse("ca", "new", fleet());
        gatehouse("ca", "certificate", fleet(), "--server", "localhost");
        gatehouse("ca", "new", operators());
        gatehouse("ca", "certificate", operators(), "--client", "authority");
        gatehouse("ca", "certificate", operators(), "--client", "anna");
        for (String device : devices) {
            String token = gatehouse(
                    "ca",
                    "token",
                    fleet(),
                    "--device",
                    device,
                    "--root",
                    Fleet.root().substring("gatehouse.root=".length()));
            Files.writeString(tokenOf(device), token);
        }
        Files.writeString(
                file("fleet.acl"),
                gatehouse("acl", "--from", fleet(), "--operator", "anna", "--operator", "authority"));
        Files.writeString(file("claims.acl"), gatehouse("acl", "--claims", "--operator", "authority"));
        Files.createFile(file("nobody"));
        brokers = start(new Documented(file("fleet.conf"), this::here));
        claims = start(new Documented(file("claims.conf"), this::here));
    }

    private String here(String text) {
        return text.replace("/etc/gatehouse/operators.pem", operators() + "/ca.pem")
                .replace("/etc/gatehouse/", fleet() + "/")
                .replace("broker.example.org", "localhost");
    }

    private <B extends BrokerProcess> B start(B broker) throws IOException {
        ends.add(broker::close);
        broker.start();
        return broker;
    }

    private String fleet() {
        return folder.resolve("fleet").toString();
    }

    private String operators() {
        return folder.resolve("operators").toString();
    }

    Path file(String name) {
        return folder.resolve("fleet").resolve(name);
    }

    Path tokenOf(String device) {
        return folder.resolve(
                "token-" + Sha256.of(device.getBytes(StandardCharsets.UTF_8)).hex());
    }

    URI broker() {
        return URI.create("ssl://localhost:" + brokers.port());
    }

    URI claims() {
        return URI.create("ssl://localhost:" + claims.port());
    }

    /** What the fleet's broker said. */
    String brokersLog() {
        return brokers.output();
    }

    /** How many certificates the register has. */
    long issued() throws IOException {
        return Files.readAllLines(file("register.jsonl")).stream()
                .filter(line -> line.contains("\"kind\":\"issued\""))
                .count();
    }

    /** A gateway with its token, and its state in a folder of this name. */
    GatewayProcess gateway(String device, String state, String... more) {
        List<String> options = new ArrayList<>(
                List.of("-D", "gatehouse.token.file=" + tokenOf(device), "-D", "gatehouse.claim.broker=" + claims()));
        options.addAll(List.of(more));
        GatewayProcess gateway =
                GatewayProcess.start(broker(), device, folder.resolve(state), options.toArray(String[]::new));
        ends.add(0, gateway::close);
        return gateway;
    }

    /** The authority answers from now on. */
    Child serve(String life) throws IOException, InterruptedException {
        Child child = Child.start(command(
                "ca",
                "serve",
                fleet(),
                "--broker",
                "ssl://localhost:" + brokers.second,
                "--claims",
                "ssl://localhost:" + claims.second,
                "--ca",
                file("ca.pem").toString(),
                "--cert",
                operators() + "/authority.pem",
                "--cert-key",
                operators() + "/authority.key",
                "--life",
                life));
        ends.add(0, child::close);
        child.awaitLine(line -> line.equals("answering at ssl://localhost:" + claims.second), PATIENCE);
        return child;
    }

    /** Runs the operators' command; what it printed. */
    String gatehouse(String... words) throws IOException, InterruptedException {
        return run(command(words));
    }

    private static List<String> command(String... words) {
        Path program = GatewayProcess.home()
                .resolve("../../../../bundles/cli/target/gatehouse/bin/gatehouse")
                .normalize();
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(Arrays.asList(words));
        return command;
    }

    /** What an operator hears at the fleet's broker, a line a message: topic, properties, payload. */
    Child watch() throws IOException, InterruptedException {
        Child child =
                Child.start(mosquitto("mosquitto_sub", "anna", brokers.second, "-t", "#", "-F", "%t|%P|%p", "-d"));
        ends.add(0, child::close);
        child.awaitLine(line -> line.startsWith("Subscribed"), PATIENCE);
        return child;
    }

    /** What comes to the authority where devices claim, instead of to it: one payload. */
    String interceptClaim() throws IOException, InterruptedException {
        return run(mosquitto("mosquitto_sub", "authority", claims.second, "-t", "claim/+", "-C", "1", "-W", "60"));
    }

    /** Publishes where devices claim, as the authority does. */
    void answerClaim(String topic, String payload) throws IOException, InterruptedException {
        run(mosquitto("mosquitto_pub", "authority", claims.second, "-t", topic, "-m", payload));
    }

    /** Publishes what devices are to be, signed. */
    void publish(String topic, byte[] payload) throws IOException, InterruptedException {
        String jws = Fleet.sign(topic, payload).orElseThrow();
        run(mosquitto(
                "mosquitto_pub",
                "anna",
                brokers.second,
                "-t",
                topic,
                "-m",
                new String(payload),
                "-r",
                "-D",
                "publish",
                "user-property",
                "jws",
                jws));
    }

    /** Pings a device, signed; answered at this topic. */
    void ping(String device, String reply) throws IOException, InterruptedException {
        Topic.Command topic = new Topic.Command(device, "ping");
        byte[] payload = "{}".getBytes(StandardCharsets.UTF_8);
        byte[] correlation = reply.getBytes(StandardCharsets.UTF_8);
        List<String> command =
                mosquitto("mosquitto_pub", "anna", brokers.second, "-t", topic.toString(), "-m", new String(payload));
        for (List<String> property : List.of(
                List.of("response-topic", reply),
                List.of("correlation-data", reply),
                List.of("message-expiry-interval", "60"),
                List.of("user-property", "jws", Fleet.sign(topic, payload, PING_LIFE, correlation, reply)))) {
            command.addAll(List.of("-D", "publish"));
            command.addAll(property);
        }
        run(command);
    }

    private List<String> mosquitto(String program, String who, int port, String... more) {
        List<String> command = new ArrayList<>(List.of(
                "stdbuf",
                "-oL",
                program,
                "-V",
                "5",
                "-q",
                "1",
                "-h",
                "localhost",
                "-p",
                String.valueOf(port),
                "--cafile",
                file("ca.pem").toString(),
                "--cert",
                operators() + "/" + who + ".pem",
                "--key",
                operators() + "/" + who + ".key"));
        command.addAll(List.of(more));
        return command;
    }

    static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes());
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new AssertionError(String.join(" ", command) + " ended with " + process.exitValue() + ": " + out);
        }
        return out;
    }

    @Override
    public void close() {
        ends.forEach(Runnable::run);
    }
}
