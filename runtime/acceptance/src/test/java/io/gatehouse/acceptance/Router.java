package io.gatehouse.acceptance;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Firmware;
import io.gatehouse.protocol.Rollout;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Assumptions;

/**
 * A router: a machine in QEMU with a disk of its own, that boots what is on it. It reaches the broker on this machine as any device reaches the
 * internet, and nothing else is known of it than what it says over MQTT and on its console.
 */
final class Router implements AutoCloseable {
    static final String DEVICE = "dwr/router-x86/1";
    static final String TOPIC = DEVICE + "/desired/firmware";
    static final String REPORTED = DEVICE + "/reported/firmware";
    static final String COMPATIBLE = "gatehouse-router-x86";
    static final Duration PATIENCE = Duration.ofMinutes(10);

    /** What a system says first on the console, by RAUC's service: its kernel and its init run. */
    static final String SYSTEM_STARTS = "Using central status file";

    /** In sectors, as device-images/router/disk.sh lays them. */
    private static final long SLOT_A = 67584;

    private static final long SLOT_SIZE = 196608;

    private static final Path TOOLS =
            Path.of("../../device-images/router").toAbsolutePath().normalize();

    /** Besides those that its images take. */
    private static final List<String> NEEDED = List.of("qemu-system-x86_64", "debugfs");

    private static final Pattern STARTING = Pattern.compile("router: starting ([AB])");

    private final Path disk;
    private final Path console;
    private final Operator operator;
    private Optional<Machine> machine = Optional.empty();

    /**
     * One that was provisioned and not switched on yet.
     *
     * @param factory the disk as it leaves the factory
     * @param folder for its own
     */
    Router(Path factory, Path folder, BrokerProcess broker, Operator operator) throws IOException {
        this.disk = folder.resolve("disk.img");
        this.console = folder.resolve("console.log");
        this.operator = operator;
        run(List.of("cp", "--sparse=always", factory.toString(), disk.toString()));
        run(List.of(
                TOOLS.resolve("provision").toString(),
                disk.toString(),
                "gatehouse.device=" + DEVICE,
                "gatehouse.broker=tcp://10.0.2.2:" + broker.uri().getPort(),
                "gatehouse.broker.plaintext=true",
                // what is emulated on a busy machine is slower than any router
                "gatehouse.start.deadline=PT5M",
                Fleet.root()));
    }

    /** Skips the test that calls it where this machine cannot be another. */
    static void assumePossible() throws IOException {
        List<String> needed = new ArrayList<>(NEEDED);
        for (String line : Files.readAllLines(TOOLS.resolve("needs"))) {
            needed.add(line.split(" ")[0]);
        }
        for (String program : needed) {
            boolean isThere = List.of("/usr/bin", "/usr/sbin", "/bin", "/sbin").stream()
                    .anyMatch(bin -> Files.isExecutable(Path.of(bin, program)));
            Assumptions.assumeTrue(isThere, "skipped: no router can be built or run here without " + program);
        }
    }

    void switchOn() throws IOException {
        machine = Optional.of(Machine.on(disk, console));
    }

    /** Switches it on, and keeps each write to its disk in a {@link WriteLog} too. */
    void switchOn(Path log) throws IOException {
        machine = Optional.of(Machine.recorded(disk, console, log));
    }

    /** Power cut: nobody in the machine notices. */
    void cut() {
        machine.ifPresent(Machine::close);
        machine = Optional.empty();
    }

    Path disk() {
        return disk;
    }

    /** Where a slot begins on the disk, in bytes. */
    static long slot(String slot) {
        return BootSector.SIZE * (slot.equals("A") ? SLOT_A : SLOT_A + SLOT_SIZE);
    }

    /** Makes garbage of a slot that does not run: nothing that lies there helps who writes it. */
    void spoil(String slot) throws IOException {
        byte[] garbage = new byte[1 << 20];
        Arrays.fill(garbage, (byte) 0xA5);
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.seek(slot(slot));
            for (long done = 0; done < SLOT_SIZE * BootSector.SIZE; done += garbage.length) {
                file.write(garbage);
            }
        }
    }

    /** Wants this firmware, also where it is older than what runs; the digest of what was published. */
    String desire(int version, Artifact image) {
        return desire(
                new Firmware(RouterImages.name(version), version, COMPATIBLE, image, true, false, Optional.empty()));
    }

    /** Wants this firmware; the digest of what was published. */
    String desire(int version, Path image) {
        Artifact artifact = operator.serve(image);
        return desire(new Firmware(
                RouterImages.name(version), version, COMPATIBLE, artifact, false, false, Optional.empty()));
    }

    private String desire(Firmware firmware) {
        return operator.publish(TOPIC, new Envelope(Optional.of(firmware.write()), Rollout.ALL).write(), true);
    }

    /** The first report after the mark that is about this wish and fits. */
    Members report(String what, int mark, String digest, Predicate<Members> fits) {
        Predicate<Operator.Heard> wanted = message -> isOf(message, digest) && fits.test(message.body());
        try {
            return Awaitility.await(what)
                    .atMost(PATIENCE)
                    .until(() -> operator.since(mark, wanted).stream().findFirst(), Optional::isPresent)
                    .orElseThrow()
                    .body();
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "waited " + PATIENCE + " for " + what + "; reports: " + reports(mark, digest) + "; console:\n"
                            + console(),
                    e);
        }
    }

    /** The end of what this wish asked for. */
    Members end(int mark, String digest) {
        return report("the end of " + digest, mark, digest, report -> List.of("applied", "rolled-back", "refused")
                .contains(report.string("state")));
    }

    /** All that was reported of this wish, in short, one after the other. */
    List<String> reports(int mark, String digest) {
        return told(mark, digest).stream().map(Router::step).distinct().toList();
    }

    /** All that was reported of this wish, one after the other. */
    List<Members> told(int mark, String digest) {
        return operator.since(mark, message -> isOf(message, digest)).stream()
                .map(Operator.Heard::body)
                .toList();
    }

    /** Whether it is a report of this wish. */
    boolean isOf(Operator.Heard message, String digest) {
        return message.topic().equals(REPORTED) && isAbout(message.body(), digest);
    }

    /** What a report says, in short. */
    static String step(Members report) {
        return report.string("state")
                + report.optionalString("step").map(step -> " " + step).orElse("")
                + " on "
                + report.optionalString("version").orElse("?");
    }

    /** Waits until it says that it is there. */
    Members online(int mark) {
        try {
            return Awaitility.await("the router is online")
                    .atMost(PATIENCE)
                    .until(
                            () -> operator
                                    .since(
                                            mark,
                                            message -> message.topic().equals(DEVICE + "/status")
                                                    && message.body()
                                                            .string("state")
                                                            .equals("online"))
                                    .stream()
                                    .findFirst(),
                            Optional::isPresent)
                    .orElseThrow()
                    .body();
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("the router does not come online; console:\n" + console(), e);
        }
    }

    /** All that it said on its serial console since it was switched on. */
    String console() {
        return Machine.said(console);
    }

    /** Which slots the boot loader started since it was switched on, one after the other. */
    List<String> starts() {
        return starts(console());
    }

    /** Which slots the boot loader started by what a console has, one after the other. */
    static List<String> starts(String console) {
        return STARTING.matcher(console).results().map(found -> found.group(1)).toList();
    }

    private static boolean isAbout(Members report, String digest) {
        return report.optionalObject("desired")
                .flatMap(desired -> desired.optionalString(TOPIC))
                .filter(digest::equals)
                .isPresent();
    }

    /** Runs a program, which must end well. */
    static void run(List<String> command) throws IOException {
        try (Child child = Child.start(command)) {
            if (child.awaitEnd() != 0) {
                throw new AssertionError(command + " said:\n" + child.output());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("no longer wanted: " + command, e);
        }
    }

    @Override
    public void close() {
        cut();
    }
}
