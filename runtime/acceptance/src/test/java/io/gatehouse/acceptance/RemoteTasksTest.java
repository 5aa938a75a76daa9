package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.protocol.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.ZipFile;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a device does on command, and how what it makes of that comes to the operator, over a broker alone. */
final class RemoteTasksTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String TASKS = "io.gatehouse.tasks";
    private static final String REBOOTING = "dwr/311-a1/rebooting";

    @TempDir
    Path folder;

    private Reach reach;

    @BeforeEach
    void begin() throws IOException {
        reach = Reach.begin(folder);
    }

    @AfterEach
    void end() throws IOException {
        if (reach != null) {
            reach.close();
        }
    }

    @Test
    void packetsAreCapturedAndBroughtToTheOperator() throws Exception {
        Shell.assumeRootWith("a capture", "/usr/bin/tcpdump", "/usr/bin/socat");
        reach.configure(TASKS, Map.of("capturePermitted", true));
        reach.onDevice(
                "sh", "-c", "while :; do echo gatehouse | socat -u - UDP-SENDTO:127.0.0.1:4242; sleep 0.1; done");
        Members result = done(
                Reach.DEVICE,
                "capture",
                Map.of("interface", "lo", "filter", "udp port 4242", "packets", 5, "seconds", 60));
        assertEquals(5, result.integer("packets", 0, 100));
        Path file = fetched(result);
        String read = EnrolledFleet.run(List.of("tcpdump", "-n", "-A", "-r", file.toString()));
        assertEquals(
                5, read.lines().filter(line -> line.contains("127.0.0.1.4242")).count(), read);
        assertTrue(read.contains("gatehouse"), read);
    }

    @Test
    void filesGoThereAndComeBackWhereThatIsPermitted() throws Exception {
        Path there = Files.createDirectories(folder.resolve("there"));
        byte[] bytes = new byte[3_000_001];
        new Random(7).nextBytes(bytes);
        Artifact artifact = reach.operator().serve(Files.write(folder.resolve("file"), bytes));
        Map<String, ?> put = Map.of(
                "path",
                there.resolve("new").toString(),
                "sha256",
                artifact.sha256().hex(),
                "size",
                artifact.size());
        Outcome refused = reach.operator().command(Reach.DEVICE, "file.put", put);
        assertTrue(refused instanceof Outcome.Refused, refused.toString());
        assertEquals(List.of(), List.of(there.toFile().list()));
        reach.configure(
                TASKS, Map.of("writeFolders", List.of(there.toString()), "readFolders", List.of(there.toString())));
        done(Reach.DEVICE, "file.put", put);
        assertArrayEquals(bytes, Files.readAllBytes(there.resolve("new")));
        Path back = fetched(done(
                Reach.DEVICE, "file.get", Map.of("path", there.resolve("new").toString())));
        assertArrayEquals(bytes, Files.readAllBytes(back));
    }

    @Test
    void diagnosticsAreOneArchive() throws Exception {
        Set<String> names = new TreeSet<>();
        try (ZipFile archive =
                new ZipFile(fetched(done(Reach.DEVICE, "diagnostics", Map.of())).toFile())) {
            archive.stream().forEach(entry -> names.add(entry.getName()));
        }
        assertTrue(names.contains("problems.txt"), names.toString());
        assertTrue(names.stream().anyMatch(name -> name.contains("thread")), names.toString());
        assertTrue(names.stream().anyMatch(name -> name.contains("bundles")), names.toString());
    }

    @Test
    void rebootIsAnsweredWhenTheDeviceIsBack() throws Exception {
        Shell.assumeRootWith("a reboot", "/usr/bin/unshare");
        Path bootId = Files.writeString(folder.resolve("boot_id"), "11111111-1111-4111-8111-111111111111\n");
        GatewayProcess gateway = reach.device(REBOOTING, machine(bootId));
        String before = boot();
        Path goes = Files.writeString(
                folder.resolve("goes"),
                "echo 22222222-2222-4222-8222-222222222222 >" + bootId + "\nkill -TERM $(cat " + folder.resolve("pid")
                        + ")\n");
        Files.writeString(folder.resolve("pid"), String.valueOf(gateway.pid()));
        reach.configure(TASKS, Map.of("rebootPermitted", true, "rebootCommand", List.of("/bin/sh", goes.toString())));
        String reply = askUntilItGoesDown(gateway);
        assertEquals(List.of(), reach.operator().ends(reply));
        gateway.startAgain();
        Operator.Heard end = reach.operator()
                .await(
                        "the end",
                        heard -> !reach.operator().ends(reply).isEmpty()
                                && heard.topic().equals(reply));
        Outcome outcome = ((Reply.End) Reply.read(end.payload())).outcome();
        assertTrue(outcome instanceof Outcome.Done, outcome.toString());
        Members result = Members.of(((Outcome.Done) outcome).result());
        assertEquals("a new kernel", result.string("reason"));
        assertEquals("22222222-2222-4222-8222-222222222222", result.string("kernelBoot"));
        assertNotEquals(before, result.string("boot"));
        assertEquals(boot(), result.string("boot"));
    }

    /** What is configured reaches a component a moment after the report says so: refused until then, and asked again. */
    private String askUntilItGoesDown(GatewayProcess gateway) {
        AtomicReference<String> reply = new AtomicReference<>(askToReboot());
        try {
            Awaitility.await("the machine goes down").atMost(PATIENCE).until(() -> {
                if (!reach.operator().ends(reply.get()).isEmpty()) {
                    reply.set(askToReboot());
                }
                return !gateway.isAlive();
            });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(gateway.log(), e);
        }
        return reply.get();
    }

    private String askToReboot() {
        return reach.operator().ask(REBOOTING, "reboot", Map.of("delay", "PT1S", "reason", "a new kernel"), PATIENCE);
    }

    /** A machine behind the NAT whose kernel says of its boot what is in this file. */
    private Surroundings machine(Path bootId) {
        List<String> words = new ArrayList<>(reach.nat().device().before());
        words.addAll(List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount --bind " + bootId + " /proc/sys/kernel/random/boot_id && exec \"$@\"",
                "sh"));
        return Surroundings.of(words.toArray(String[]::new));
    }

    private String boot() {
        return done(REBOOTING, "ping", Map.of()).string("boot");
    }

    private Members done(String device, String name, Map<String, ?> arguments) {
        Outcome outcome = reach.operator().command(device, name, arguments);
        assertTrue(outcome instanceof Outcome.Done, outcome::toString);
        return Members.of(((Outcome.Done) outcome).result());
    }

    /** Fetches the artifact of a result, as an operator does. */
    private Path fetched(Members result) throws Exception {
        Path file = folder.resolve("fetched");
        String sha256 = result.object("artifact").string("sha256");
        Child get = reach.run("artifact", "get", sha256, "--to", Reach.DEVICE, "--out", file.toString());
        assertEquals(0, get.awaitEnd(), get::output);
        return file;
    }
}
