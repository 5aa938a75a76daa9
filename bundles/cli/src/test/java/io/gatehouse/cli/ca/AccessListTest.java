package io.gatehouse.cli.ca;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.cli.ca.AccessList.Member;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a real mosquitto lets devices do by these lists. */
final class AccessListTest {
    private static final String MINE = "dwr/311-a1/7";
    private static final String OTHERS = "dwr/311-a1/8";

    @TempDir
    private Path folder;

    private Mosquitto mosquitto;

    @BeforeEach
    void thereAreCertificates() throws Exception {
        mosquitto = new Mosquitto(folder);
        mosquitto.device("mine", MINE);
        mosquitto.device("others", OTHERS);
        mosquitto.device("stranger", "dwr/311-a1/9");
    }

    @AfterEach
    void end() {
        if (mosquitto != null) {
            mosquitto.close();
        }
    }

    @Test
    @Timeout(60)
    void aDeviceCanTouchOnlyWhatIsItsOwn() throws Exception {
        mosquitto.start(
                AccessList.fleet(List.of(Member.read(MINE + "@world/asia"), Member.read(OTHERS)), List.of("anna")),
                "cafile " + folder.resolve("fleet/ca.pem"),
                "require_certificate true",
                "use_identity_as_username true");
        for (String topic : List.of(
                MINE + "/status", MINE + "/claim", MINE + "/hardware/load", "world/asia/temperature", "reply/x")) {
            assertEquals(true, mosquitto.publishes("mine", topic), topic);
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
            assertEquals(false, mosquitto.publishes("mine", topic), topic);
        }
        assertEquals(false, mosquitto.publishes("others", "world/asia/temperature"));
        assertEquals(false, mosquitto.publishes("stranger", "dwr/311-a1/9/status"), "of whom the list says nothing");
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
        int operators = mosquitto.portForOperators();
        mosquitto.start(
                AccessList.claims(List.of("anna")),
                "password_file " + nobody,
                "listener " + operators + " 127.0.0.1",
                "certfile " + folder.resolve("localhost.pem"),
                "keyfile " + folder.resolve("localhost.key"),
                "cafile " + folder.resolve("fleet/ca.pem"),
                "require_certificate true",
                "use_identity_as_username true");
        assertEquals(true, mosquitto.publishes(null, "claim/x"));
        for (String topic : List.of("claim/x/certificate", MINE + "/status", "dwr/desired/trust", "reply/x")) {
            assertEquals(false, mosquitto.publishes(null, topic), topic);
        }
        List<String> answers = List.of("claim/x/certificate");
        List<String> others = List.of("claim/x", MINE + "/cmd/ping", "dwr/desired/trust", "reply/x");
        assertEquals(answers, heard(null, "claim/end/certificate", answers, others));
        List<String> pretending = mosquitto.client("mosquitto_pub", null);
        pretending.addAll(List.of("-u", "anna", "-P", "x", "-t", "dwr/desired/trust", "-m", "1", "-q", "1", "-d"));
        assertEquals(false, Mosquitto.run(pretending).contains("received CONNACK (0)"), "a name that nobody proved");
    }

    /** What comes to who asks for everything, of what an operator publishes, up to the last, which everybody hears. */
    private List<String> heard(String who, String last, List<String> first, List<String> then) throws Exception {
        List<String> command = mosquitto.client("mosquitto_sub", who);
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
                assertEquals(true, mosquitto.publishes("anna", topic), topic);
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
}
