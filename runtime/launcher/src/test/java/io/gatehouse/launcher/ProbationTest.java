package io.gatehouse.launcher;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.launcher.activators.Complaining;
import io.gatehouse.launcher.activators.Speaking;
import io.gatehouse.launcher.activators.Throwing;
import io.gatehouse.software.Complaint;
import io.gatehouse.software.Proof;
import io.gatehouse.software.RuntimeSlot;
import io.gatehouse.software.RuntimeSlots;
import io.gatehouse.software.SlotRefused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A runtime that goes for another, and that other one on probation; the script between them is told by its files alone. */
@Timeout(60)
class ProbationTest {
    private static final String NAME = "ab".repeat(32);
    private static final RuntimeSlot SLOT = new RuntimeSlot("2.0", Optional.of(NAME), Map.of("t", "d"));

    @TempDir
    private Path folder;

    private Path slots;

    @BeforeEach
    void make() throws Exception {
        slots = Files.createDirectories(folder.resolve("state/slots"));
    }

    private Supervisor supervisor() {
        return new Supervisor(0, Optional.empty(), Optional.of(slots), Optional.empty());
    }

    private static RuntimeSlots service(RunningGateway gateway) throws InterruptedException {
        RuntimeSlots service = await().ignoreExceptions()
                .until(
                        () -> gateway.context().getService(gateway.context().getServiceReference(RuntimeSlots.class)),
                        any -> true);
        service.awaitProven();
        return service;
    }

    /** A gateway in the slot, started as the script would start it. */
    private RunningGateway onProbation(Trial trial, Jar... bundles) throws Exception {
        Home home = Home.in(folder.resolve("made"), bundles);
        Files.move(home.home(), slots.resolve(NAME));
        new WholeFiles(slots).write("next.1", trial.write());
        return RunningGateway.begin(
                new Home(slots.resolve(NAME), folder.resolve("state")).settings(Settings.PROBATION, "PT6S"),
                supervisor());
    }

    private static Trial trial(Map<String, Set<String>> complaints, String... down) {
        return new Trial(SLOT, complaints, Set.of(down));
    }

    private static Jar complaining(String words) {
        return Jar.bundle("p", "1.0.0").activator(Complaining.class).word(words);
    }

    @Test
    void unpacksBesideWritesDownHowWellAllIsAndEndsToBeStartedAgain() throws Exception {
        Home home = Home.in(
                folder, complaining("out of beans"), Jar.bundle("a", "1.0.0").activator(Throwing.class));
        Path zip =
                SlotZip.well(Files.createDirectories(folder.resolve("scratch"))).write(folder.resolve("z.zip"));
        RunningGateway gateway = RunningGateway.begin(home.settings(), supervisor());
        RuntimeSlots service = service(gateway);
        assertEquals(new RuntimeSlot("1.2.3", Optional.empty(), Map.of()), service.running());
        assertThrows(IllegalStateException.class, () -> service.start(SLOT), "it is not installed");
        service.install(zip, NAME);
        assertTrue(Files.exists(slots.resolve(NAME).resolve("conf/factory.json")));
        assertEquals(List.of(), service.start(SLOT));
        assertEquals(Gateway.RESTART, gateway.exitCode());
        Trial next = Trial.read(new WholeFiles(slots).read("next").orElseThrow());
        assertEquals(SLOT, next.slot());
        assertEquals(Set.of("a"), next.down());
        assertTrue(next.complaints().values().contains(Set.of("out of beans")), next.toString());
        assertTrue(Files.readString(slots.resolve("next")).startsWith("{\"slot\":\"" + NAME + "\","));
    }

    @Test
    void waitsForWhatMayPass() throws Exception {
        Home home = Home.in(folder);
        try (RunningGateway gateway = RunningGateway.begin(home.settings(), supervisor())) {
            RuntimeSlots service = service(gateway);
            gateway.context()
                    .registerService(
                            Proof.class,
                            touched -> List.of(Complaint.passing("no broker")),
                            new Hashtable<>(Map.of("gatehouse.proof", "path")));
            RuntimeSlot image = new RuntimeSlot("image", Optional.empty(), Map.of());
            assertEquals(List.of(Complaint.passing("no broker")), service.start(image));
            assertFalse(Files.exists(slots.resolve("next")));
            assertTrue(gateway.isRunning());
        }
    }

    @Test
    void goesNowhereWhereNothingWouldStartAnother() throws Exception {
        try (RunningGateway gateway = RunningGateway.begin(Home.in(folder).settings())) {
            SlotRefused refused =
                    assertThrows(SlotRefused.class, () -> service(gateway).start(SLOT));
            assertEquals("unsupported", refused.type());
        }
    }

    @Test
    void whatIsAsWellAsTheOneBeforeIsKeptAndTheOthersAreDeleted() throws Exception {
        Files.createDirectories(slots.resolve("cd".repeat(32)).resolve("lib"));
        try (RunningGateway gateway = onProbation(
                trial(Map.of("test", Set.of("out of beans")), "a"),
                complaining("out of beans"),
                Jar.bundle("a", "1.0.0").activator(Throwing.class))) {
            RuntimeSlots service = service(gateway);
            assertEquals(SLOT, service.running());
            assertEquals(
                    SLOT,
                    Trial.read(new WholeFiles(slots).read("current").orElseThrow())
                            .slot());
            assertFalse(Files.exists(slots.resolve("next.1")));
            assertFalse(Files.exists(slots.resolve("cd".repeat(32))));
        }
    }

    @Test
    void aProofThatIsGoneIsNoProof() throws Exception {
        RunningGateway gateway = onProbation(
                trial(Map.of("path", Set.of())),
                Jar.bundle("a", "1.0.0").activator(Speaking.class).word("ah"));
        assertEquals(Gateway.RESTART, gateway.exitCode());
        assertEquals(
                "what was there to tell whether all is well is gone: [path]", Files.readString(slots.resolve("why")));
        assertTrue(Files.exists(slots.resolve("next.1")));
    }

    @Test
    void aBundleThatDoesNotRunIsNoProof() throws Exception {
        RunningGateway gateway =
                onProbation(trial(Map.of()), Jar.bundle("a", "1.0.0").activator(Throwing.class));
        assertEquals(Gateway.RESTART, gateway.exitCode());
        assertEquals("a 1.0.0 is not active", Files.readString(slots.resolve("why")));
    }

    @Test
    void startsOnProbationAreNotHeldAgainstTheDocument() throws Exception {
        try (StateFolder state = StateFolder.open(folder.resolve("state"))) {
            state.commit(new Committed(
                    1,
                    RunningGateway.document(
                            Jar.bundle("b", "1.0.0").activator(Throwing.class).artifact(folder.resolve("state"))),
                    Optional.empty()));
        }
        RunningGateway gateway = onProbation(trial(Map.of()));
        assertEquals(Gateway.RESTART, gateway.exitCode());
        assertTrue(Files.readString(slots.resolve("why")).contains("no such modem"));
        assertFalse(Files.exists(folder.resolve("state/starts")));
    }
}
