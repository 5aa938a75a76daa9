package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Rollout;
import io.gatehouse.protocol.license.Term;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The plug-ins of {@code examples/}, signed by their vendor and so held to its bounds, in a gateway as it is shipped. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExamplesTest {
    private static final String DEVICE = "dwr/311-a1/examples";
    private static final String MODBUS = "com.example.modbus.ModbusDevice~";
    private static final String LICENSE = DEVICE + "/desired/license/modbus";
    private static final Licenses LICENSES = new Licenses("example", "com.example.*");
    private static final String SIMULATOR = "../../examples/modbus/src/test/resources/simulator.py";

    @TempDir
    static Path folder;

    private Mosquitto broker;
    private GatewayProcess gateway;
    private Operator operator;
    private Bundles bundles;
    private VendorKeys vendor;
    private long trusted = 1;

    @BeforeAll
    void start() throws IOException {
        Mosquitto.assumeInstalled();
        broker = new Mosquitto(Files.createDirectories(folder.resolve("broker")));
        broker.start();
        gateway = GatewayProcess.start(broker.uri(), DEVICE, folder.resolve("state"));
        operator = Operator.at(broker.uri());
        bundles = new Bundles(folder);
        vendor = new VendorKeys(folder, "example");
        trust(Map.of());
    }

    @AfterAll
    void stop() {
        if (gateway != null) {
            operator.close();
            gateway.close();
            broker.close();
        }
    }

    /** From here on the vendor's bundles that come are held to these grants. */
    private void trust(Map<String, ?> grants) {
        long version = ++trusted;
        operator.publish(
                DEVICE + "/desired/trust",
                Fleet.trust(version, List.of(LICENSES), vendor.vendor(grants, "com.example.*")),
                true);
        operator.await(
                "trust in the vendor",
                message -> message.topic().equals(DEVICE + "/reported/trust")
                        && message.body().integer("version", 0, 100) == version);
    }

    private static Path example(String name) {
        return JarPath.ofTests().jar("com.example." + name);
    }

    private void install(String name, Path jar) {
        String topic = DEVICE + "/desired/feature/" + name;
        String digest = operator.desire(DEVICE, name, operator.feature("com.example:" + name + ":1", vendor.sign(jar)));
        assertState("applied", operator.ended(DEVICE, topic, digest));
    }

    /** Configures a component of what is installed; what came of it. */
    private Members configure(String pid, Map<String, ?> configuration) {
        String topic = DEVICE + "/desired/configuration/" + pid;
        byte[] envelope = new Envelope(Optional.of(configuration), Rollout.ALL).write();
        return operator.ended(DEVICE, topic, operator.publish(topic, envelope, true));
    }

    private static void assertState(String state, Members report) {
        assertEquals(state, report.string("state"), () -> report.values().toString());
    }

    private Members observed(String topic, int mark) {
        return operator.await(topic, mark, message -> message.topic().equals(DEVICE + "/" + topic))
                .body();
    }

    @Test
    void commandIsCarriedOut() throws IOException {
        install("wake", example("wake"));
        try (DatagramSocket sleeper = new DatagramSocket()) {
            sleeper.setSoTimeout(10_000);
            Map<String, ?> arguments = Map.of(
                    "mac",
                    "00:1a:2b:3c:4d:5e",
                    "broadcast",
                    "127.255.255.255",
                    "port",
                    sleeper.getLocalPort(),
                    "count",
                    2);
            Outcome outcome = operator.command(DEVICE, "wake", arguments);
            assertInstanceOf(Outcome.Done.class, outcome, outcome::toString);
            DatagramPacket packet = new DatagramPacket(new byte[200], 200);
            sleeper.receive(packet);
            assertEquals(
                    "ffffffffffff" + "001a2b3c4d5e".repeat(16),
                    HexFormat.of().formatHex(packet.getData(), 0, packet.getLength()));
        }
        Outcome.Refused refused =
                assertInstanceOf(Outcome.Refused.class, operator.command(DEVICE, "wake", Map.of("mac", "00:1a")));
        assertTrue(refused.problem().detail().contains("mac must be six bytes"), refused::toString);
    }

    @Test
    void registersAreReadAsLongAsAndAsFarAsTheyAreLicensed() throws Exception {
        assumeTrue(
                Child.start(List.of("/usr/bin/python3", "-c", "import pymodbus.server"))
                                .awaitEnd()
                        == 0,
                "skipped: there is no pymodbus for /usr/bin/python3"
                        + " (Debian: apt-get install python3-pymodbus python3-serial python3-serial-asyncio)");
        int port = BrokerProcess.freePort();
        try (Child simulator = Child.start(List.of("/usr/bin/python3", SIMULATOR, String.valueOf(port)))) {
            install("modbus", example("modbus"));
            assertState("applied", configure(MODBUS + "boiler", device("boiler", port)));
            assertState("applied", configure(MODBUS + "cellar", device("cellar", port)));
            operator.await("a license that is missing", ExamplesTest::isUnlicensed);
            assertEquals(List.of(), operator.all(message -> message.topic().startsWith(DEVICE + "/modbus/")));
            oneOfTwoIsReadByALicenseForOne();
            int mark = license(2, 2);
            assertEquals(230.1, voltage("boiler", mark));
            assertEquals(230.1, voltage("cellar", mark));
            wrongSettingIsPutBack(port);
            endsWithTheLicense(simulator);
        }
    }

    private static Map<String, Object> device(String name, int port) {
        return Map.of(
                "gatehouse.topic",
                "modbus/" + name,
                "gatehouse.period",
                "PT0.5S",
                "host",
                "127.0.0.1",
                "port",
                port,
                "registers",
                List.of("voltage holding 0 uint16 scale=0.1 unit=V"));
    }

    private static boolean isUnlicensed(Operator.Heard message) {
        return message.topic().equals(DEVICE + "/reported/license")
                && message.body().strings("unlicensed").contains("com.example.modbus");
    }

    private int license(long sequence, long targets) {
        int mark = operator.mark();
        String token = LICENSES.token("modbus", sequence, Term.PERPETUAL, "com.example.modbus", targets);
        operator.publish(LICENSE, Licenses.payload(token), true);
        return mark;
    }

    private double voltage(String name, int mark) {
        Members voltage = observed("modbus/" + name, mark).object("voltage");
        assertEquals("V", voltage.string("unit"));
        return ((Number) voltage.value("value").orElseThrow()).doubleValue();
    }

    private void oneOfTwoIsReadByALicenseForOne() {
        int mark = license(1, 1);
        Members event = operator.await(
                        "the other one",
                        mark,
                        message -> message.topic().equals(DEVICE + "/event/collector")
                                && message.body().string("state").equals("failing"))
                .body();
        assertTrue(
                event.string("cause")
                        .contains("the license com.example.modbus permits 1 targets, and 2 are configured"),
                () -> event.values().toString());
        operator.await("the one", mark, message -> message.topic().startsWith(DEVICE + "/modbus/"));
    }

    private void wrongSettingIsPutBack(int port) {
        Members report = configure(MODBUS + "boiler", device("boiler", 0));
        assertState("rolled-back", report);
        String why = report.object("problem").string("detail");
        assertTrue(why.contains("port must be from 1 to 65535: 0"), why);
        assertEquals(230.1, voltage("boiler", operator.mark()));
        // what is wanted would hold up every change that comes after
        assertState("applied", configure(MODBUS + "boiler", device("boiler", port)));
    }

    private void endsWithTheLicense(Child simulator) {
        int mark = operator.mark();
        operator.publish(LICENSE, Envelope.REMOVED.write(), true);
        operator.await("a license that is gone", mark, ExamplesTest::isUnlicensed);
        Awaitility.await("connections are closed")
                .until(() -> count(simulator, "connected") == count(simulator, "disconnected"));
    }

    private static long count(Child simulator, String line) {
        return simulator.output().lines().filter(line::equals).count();
    }

    @Test
    void alarmIsAnObservationAndAnEventWhereTheOutboxIsGranted() throws IOException {
        Path temperature = Files.writeString(folder.resolve("temperature"), "40000\n");
        install("alarm", example("alarm"));
        assertState("applied", configure("com.example.alarm.Alarm~board", alarm("board", temperature)));
        awaitState("alarm/board", "cleared");
        Files.writeString(temperature, "90000\n");
        awaitState("alarm/board", "raised");
        assertEquals(List.of(), operator.all(message -> message.topic().equals(DEVICE + "/event/alarm")));
        trust(Map.of("services", List.of("io.gatehouse.api.message.Outbox")));
        try {
            install("alarm", bundles.altered(example("alarm"), Map.of("Bundle-Version", "1.0.1")));
            assertState("applied", configure("com.example.alarm.Alarm~hot", alarm("hot", temperature)));
            Members event = awaitEvent("hot", "raised");
            assertEquals(90.0, ((Number) event.value("value").orElseThrow()).doubleValue());
            Files.writeString(temperature, "70000\n");
            awaitEvent("hot", "cleared");
        } finally {
            trust(Map.of());
        }
    }

    private static Map<String, ?> alarm(String name, Path file) {
        return Map.of(
                "gatehouse.topic",
                "alarm/" + name,
                "gatehouse.period",
                "PT0.5S",
                "file",
                file.toString(),
                "scale",
                0.001,
                "raise",
                "above 85",
                "clear",
                "below 80");
    }

    private Members awaitEvent(String name, String state) {
        return operator.await(
                        "alarm " + name + " " + state,
                        message -> message.topic().equals(DEVICE + "/event/alarm")
                                && message.body().string("alarm").equals("alarm/" + name)
                                && message.body().string("state").equals(state))
                .body();
    }

    private Members awaitState(String topic, String state) {
        return operator.await(
                        topic + " " + state,
                        message -> message.topic().equals(DEVICE + "/" + topic)
                                && message.body().string("state").equals(state))
                .body();
    }
}
