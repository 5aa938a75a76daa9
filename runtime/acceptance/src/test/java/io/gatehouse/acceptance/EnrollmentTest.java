package io.gatehouse.acceptance;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Rollout;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** How a gateway gets its certificate by a token, renews it, and whom it believes meanwhile; with mosquitto. */
class EnrollmentTest {
    private static final String DEVICE = "dwr/311-a1/enrolled";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern NUMBERED = Pattern.compile(".*boot:([0-9a-f]{16}).*seq:(\\d+).*");

    @TempDir
    private Path folder;

    private EnrolledFleet fleet;

    @BeforeAll
    static void mosquitto() {
        Mosquitto.assumeInstalled();
    }

    @BeforeEach
    void set() throws Exception {
        fleet = new EnrolledFleet(folder, DEVICE);
    }

    @AfterEach
    void end() {
        fleet.close();
    }

    @ConcurrentTest
    void renewsACertificateAgainAndAgainAndNobodySeesItLeave() throws Exception {
        Child watch = fleet.watch();
        fleet.serve("20s");
        GatewayProcess gateway = fleet.gateway(DEVICE, "state");
        watch.awaitLine(line -> line.startsWith(DEVICE + "/status|") && line.contains("\"online\""), PATIENCE);
        fleet.publish(DEVICE + "/desired/trust", Fleet.trust());
        fleet.publish(
                DEVICE + "/desired/configuration/io.gatehouse.collector.system.Load",
                new Envelope(Optional.of(Map.of("gatehouse.period", "PT0.2S")), Rollout.ALL).write());
        List<String> asked = new ArrayList<>();
        await("three renewals")
                .atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    asked.add("reply/" + asked.size());
                    fleet.ping(DEVICE, asked.get(asked.size() - 1));
                    return fleet.issued() >= 4;
                });
        int shown = connections();
        await("the last certificate in use").atMost(Duration.ofSeconds(10)).until(() -> connections() >= 4);
        assertTrue(shown >= 3, fleet.brokersLog());
        await("observations go on").atMost(Duration.ofSeconds(10)).until(() -> loads(watch) > 200);
        assertFalse(watch.output().contains("\"offline\""), "nobody sees it leave");
        await("nothing is missing").atMost(Duration.ofSeconds(10)).until(() -> missing(watch), Map.of()::equals);
        await("an end of each command").atMost(Duration.ofSeconds(10)).until(() -> answered(watch)
                .containsAll(asked));
        assertTrue(
                fleet.brokersLog()
                        .lines()
                        .filter(line -> line.contains("u'" + DEVICE + "'"))
                        .allMatch(line -> line.contains(" as " + DEVICE + " ")),
                () -> "a session that is not called as the certificate is: " + fleet.brokersLog());
        Path key = gateway.state().resolve("identity/device.key");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
        assertFalse(gateway.log().contains(secret()), "the log shows the token's secret");
    }

    @ConcurrentTest
    void takesNoCertificateOfAnotherAuthorityAndClaimsOn() throws Exception {
        Path hostile = folder.resolve("hostile");
        fleet.gatehouse("ca", "new", hostile.toString(), "--name", "Gatehouse fleet");
        GatewayProcess gateway = fleet.gateway(DEVICE, "state");
        String claim = Json.read(fleet.interceptClaim().getBytes(StandardCharsets.UTF_8))
                .string("csr");
        Path request = Files.writeString(folder.resolve("request.pem"), claim);
        String made = EnrolledFleet.run(List.of(
                "openssl",
                "x509",
                "-req",
                "-in",
                request.toString(),
                "-CA",
                hostile.resolve("ca.pem").toString(),
                "-CAkey",
                hostile.resolve("ca.key").toString(),
                "-set_serial",
                "1",
                "-days",
                "3000"));
        String chain = made + Files.readString(hostile.resolve("ca.pem"));
        String topic = "claim/" + id() + "/certificate";
        fleet.answerClaim(topic, new String(Json.write(Map.of("certificate", chain)), StandardCharsets.UTF_8));
        await().atMost(PATIENCE).until(() -> gateway.log().contains("which is not the fleet's authority"));
        assertFalse(Files.exists(gateway.state().resolve("identity/certificate.pem")));
        Child watch = fleet.watch();
        fleet.serve("P1D");
        watch.awaitLine(line -> line.startsWith(DEVICE + "/status|") && line.contains("\"online\""), PATIENCE);
    }

    @ConcurrentTest
    void saysNothingToABrokerForWhomTheAuthorityDoesNotVouch() throws Exception {
        Path hostile = folder.resolve("hostile");
        fleet.gatehouse("ca", "new", hostile.toString());
        fleet.gatehouse("ca", "certificate", hostile.toString(), "--server", "localhost");
        try (BrokerProcess broker = new Mosquitto(
                Files.createDirectory(folder.resolve("broker")),
                "user " + System.getProperty("user.name"),
                "certfile " + hostile.resolve("localhost.pem"),
                "keyfile " + hostile.resolve("localhost.key"))) {
            broker.start();
            GatewayProcess gateway = fleet.gateway(
                    DEVICE, "state", "-D", "gatehouse.claim.broker=" + URI.create("ssl://localhost:" + broker.port()));
            await().atMost(PATIENCE)
                    .until(() -> gateway.log().contains("does not show the certificate of the fleet's authority"));
            assertFalse(broker.output().contains("New client connected"), broker.output());
        }
    }

    @ConcurrentTest
    void aTokenThatWasUsedLetsNobodyElseIn() throws Exception {
        Child authority = fleet.serve("P1D");
        Child watch = fleet.watch();
        fleet.gateway(DEVICE, "state");
        watch.awaitLine(line -> line.startsWith(DEVICE + "/status|") && line.contains("\"online\""), PATIENCE);
        GatewayProcess thief = fleet.gateway(DEVICE, "thief");
        authority.awaitLine(line -> line.contains("refused, used-token"), PATIENCE);
        await().atMost(PATIENCE).until(() -> thief.log().contains("no certificate: used-token"));
        assertFalse(Files.exists(thief.state().resolve("identity/certificate.pem")));
        assertEquals(1, fleet.issued());
    }

    private int connections() {
        return (int) fleet.brokersLog()
                .lines()
                .filter(line -> line.contains("New client connected") && line.contains("u'" + DEVICE + "'"))
                .count();
    }

    private static List<String> answered(Child watch) {
        return watch.output()
                .lines()
                .filter(line -> line.startsWith("reply/") && line.contains("\"state\":\"done\""))
                .map(line -> line.substring(0, line.indexOf('|')))
                .toList();
    }

    private static long loads(Child watch) {
        return watch.output()
                .lines()
                .filter(line -> line.startsWith(DEVICE + "/hardware/loadavg|"))
                .count();
    }

    /** The numbers that are missing between the first and the last of each boot. */
    private static Map<String, TreeSet<Long>> missing(Child watch) {
        Map<String, TreeSet<Long>> boots = new HashMap<>();
        watch.output().lines().filter(line -> line.startsWith(DEVICE + "/")).forEach(line -> {
            Matcher numbered = NUMBERED.matcher(line);
            if (numbered.matches()) {
                boots.computeIfAbsent(numbered.group(1), any -> new TreeSet<>()).add(Long.parseLong(numbered.group(2)));
            }
        });
        Map<String, TreeSet<Long>> missing = new HashMap<>();
        boots.forEach((boot, seqs) -> {
            TreeSet<Long> gaps = new TreeSet<>();
            for (long seq = seqs.first(); seq < seqs.last(); seq++) {
                if (!seqs.contains(seq)) {
                    gaps.add(seq);
                }
            }
            if (!gaps.isEmpty()) {
                missing.put(boot, gaps);
            }
        });
        return missing;
    }

    private String id() throws Exception {
        return token().string("id");
    }

    private String secret() throws Exception {
        return token().string("secret");
    }

    private Members token() throws Exception {
        String text = Files.readString(fleet.tokenOf(DEVICE)).strip();
        return Json.read(Base64.getUrlDecoder().decode(text));
    }
}
