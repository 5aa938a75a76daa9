package io.gatehouse.cli.ca;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
        startFleet();
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
        mosquitto.start(AccessList.claims(List.of("anna")), "password_file " + nobody);
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

    @Test
    @Timeout(60)
    void aDeviceCannotTakeAnothersSession() throws Exception {
        startFleet();
        try (Listening mine = new Listening("mine", MINE + "/cmd/+")) {
            try (Listening thief = new Listening("others", OTHERS + "/cmd/+")) {
                publish(MINE + "/cmd/one");
                publish(OTHERS + "/cmd/one");
                assertEquals(List.of(MINE + "/cmd/one"), mine.awaitMessages(1), "it was not cut off");
                assertEquals(List.of(OTHERS + "/cmd/one"), thief.awaitMessages(1));
            }
        }
        publish(MINE + "/cmd/two");
        try (Listening thief = new Listening("others", OTHERS + "/cmd/+")) {
            publish(OTHERS + "/cmd/two");
            assertEquals(List.of(OTHERS + "/cmd/two"), thief.awaitMessages(1), "nothing that waits for another");
        }
        try (Listening mine = new Listening("mine", MINE + "/cmd/+")) {
            assertEquals(List.of(MINE + "/cmd/two"), mine.awaitMessages(1), "what came meanwhile waits for it");
        }
        assertFalse(mosquitto.log().contains("already connected"), mosquitto::log); // mosquitto_sub would come back
        assertFalse(mosquitto.letsInAmongOperators("others"), mosquitto::log);
        assertTrue(mosquitto.letsInAmongOperators("anna"), mosquitto::log);
    }

    private void startFleet() throws Exception {
        mosquitto.start(
                AccessList.fleet(List.of(Member.read(MINE + "@world/asia"), Member.read(OTHERS)), List.of("anna")),
                "cafile " + folder.resolve("fleet/ca.pem"),
                "require_certificate true",
                "use_identity_as_username true",
                "use_username_as_clientid true");
    }

    private void publish(String topic) throws Exception {
        assertEquals(true, mosquitto.publishes("anna", topic), topic);
    }

    /** Somebody who has the client id of the device that is called {@link #MINE}, and a session that is kept. */
    private final class Listening implements AutoCloseable {
        private final Process process;
        private final BufferedReader lines;
        private final List<String> heard = new ArrayList<>();

        Listening(String who, String filter) throws Exception {
            List<String> command = mosquitto.client("mosquitto_sub", who);
            command.addAll(List.of("-i", "gatehouse-dwr:311-a1:7", "-c", "-x", "3600"));
            command.addAll(List.of("-t", filter, "-q", "1", "-d", "-F", "heard %t"));
            command.addAll(0, List.of("stdbuf", "-oL"));
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
            lines = new BufferedReader(new InputStreamReader(process.getInputStream()));
            String line = read();
            while (!line.startsWith("Subscribed")) {
                line = read();
            }
        }

        /** The topics of all that came, when there are so many or more. */
        List<String> awaitMessages(int count) throws Exception {
            while (heard.size() < count) {
                read();
            }
            return heard;
        }

        private String read() throws Exception {
            String line = lines.readLine();
            if (line == null) {
                throw new AssertionError("it was cut off: " + mosquitto.log());
            }
            if (line.startsWith("heard ")) {
                heard.add(line.substring("heard ".length()));
            }
            return line;
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
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
