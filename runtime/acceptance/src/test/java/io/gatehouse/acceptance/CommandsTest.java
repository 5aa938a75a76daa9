package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands, as a person with the mosquitto tools and as a program sends them. */
final class CommandsTest {
    private static final String DEVICE = "dwr/311-a1/commands";

    @TempDir
    static Path folder;

    private static Mosquitto broker;
    private static GatewayProcess gateway;
    private static Operator operator;

    @BeforeAll
    static void start() throws IOException {
        Mosquitto.assumeInstalled();
        broker = new Mosquitto(Files.createDirectories(folder.resolve("broker")));
        broker.start();
        gateway = GatewayProcess.start(broker.uri(), DEVICE, folder.resolve("state"));
        operator = Operator.at(broker.uri());
        operator.await("the gateway", message -> message.topic().equals(DEVICE + "/status"));
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            operator.close();
            gateway.close();
            broker.close();
        }
    }

    @Test
    void mosquittoRrIsEnough() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mosquitto_rr")), "skipped: mosquitto_rr is not installed");
        byte[] correlation = {'1', '7'};
        String jws = Fleet.sign(
                new Topic.Command(DEVICE, "ping"),
                "{}".getBytes(StandardCharsets.UTF_8),
                Duration.ofMinutes(1),
                correlation,
                "reply/by-hand");
        Process rr = new ProcessBuilder(List.of(
                        "mosquitto_rr",
                        "-V",
                        "5",
                        "-p",
                        Integer.toString(broker.uri().getPort()),
                        "-W",
                        "20",
                        "-t",
                        DEVICE + "/cmd/ping",
                        "-e",
                        "reply/by-hand",
                        "-m",
                        "{}",
                        "-D",
                        "publish",
                        "correlation-data",
                        new String(correlation, StandardCharsets.UTF_8),
                        "-D",
                        "publish",
                        "user-property",
                        "jws",
                        jws))
                .redirectErrorStream(true)
                .start();
        byte[] answer = rr.getInputStream().readAllBytes();
        assertEquals(0, rr.waitFor(), () -> new String(answer, StandardCharsets.UTF_8));
        Members reply =
                Json.read(new String(answer, StandardCharsets.UTF_8).strip().getBytes(StandardCharsets.UTF_8));
        assertEquals("done", reply.string("state"));
        assertTrue(reply.object("result").has("boot"), reply.values().toString());
    }

    @Test
    void theModelIsAskedAsTheDeviceIs() {
        assertInstanceOf(Outcome.Done.class, operator.command("dwr/311-a1", "ping", Map.of()));
        assertInstanceOf(Outcome.Done.class, operator.command("dwr", "ping", Map.of()));
    }

    @Test
    void anUnknownCommandIsRefused() {
        Outcome outcome = operator.command(DEVICE, "coffee", Map.of());
        Outcome.Refused refused = assertInstanceOf(Outcome.Refused.class, outcome);
        assertTrue(refused.problem().detail().contains("coffee"), refused.toString());
    }

    @Test
    void aBadArgumentIsRefusedByItsName() {
        Outcome outcome = operator.command(DEVICE, "log.level", Map.of("logger", "io.gatehouse", "level", "LOUD"));
        Outcome.Refused refused = assertInstanceOf(Outcome.Refused.class, outcome);
        assertTrue(refused.problem().detail().contains("LOUD"), refused.toString());
    }

    @Test
    void rebootIsRefusedWhereTheDeviceDoesNotAllowIt() {
        assertInstanceOf(Outcome.Refused.class, operator.command(DEVICE, "reboot", Map.of("reason", "test")));
    }
}
