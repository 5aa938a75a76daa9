package io.gatehouse.tasks.machine;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.device.Device;
import io.gatehouse.api.device.Inhibitor;
import io.gatehouse.api.device.Inhibitors;
import io.gatehouse.tasks.Events;
import io.gatehouse.testkit.MemoryStore;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RebootTest {
    private static final Instant BEFORE = Instant.parse("2026-02-03T04:05:06Z");
    private static final Duration MINUTES = Duration.ofMinutes(5);

    @TempDir
    Path folder;

    private final Events events = Events.of("reboot");
    private final MemoryStore store = new MemoryStore();
    private final List<Inhibitor> inhibitors = new CopyOnWriteArrayList<>();
    private Path bootId;

    @BeforeEach
    void boots() throws IOException {
        bootId = Files.writeString(folder.resolve("boot_id"), "6f3c0a52-0001\n");
    }

    @Test
    void answersInTheNextProcessThatTheMachineIsBack() throws Exception {
        Path gone = folder.resolve("gone");
        Noted asked = Noted.with("aWQx", Map.of("delay", "PT1S", "reason", "new\nkernel"));
        Handling handling = new Handling(reboot(store, BEFORE, "/bin/sh", "-c", "echo x > " + gone), asked);
        await().until(() -> asked.notes().size() == 1);
        assertEquals(List.of("rebooting in 1 s"), asked.notes());
        assertFalse(Files.exists(gone), "it is too early to go");
        await().until(() -> Files.exists(gone));
        assertEquals(List.of(Map.of("state", "rebooting", "reason", "new\nkernel")), events.bodies());
        handling.assertGoesOn();

        Files.writeString(bootId, "6f3c0a52-0002\n");
        Outcome outcome = reboot(store.afterPowerCut(), BEFORE.plusSeconds(42), "/bin/true")
                .resume("aWQx");
        Map<String, Object> result = Map.of(
                "reason", "new\nkernel", "boot", "fedcba9876543210", "took", 42.0, "kernelBoot", "6f3c0a52-0002");
        assertEquals(Outcome.done(result), outcome);
        assertEquals("rebooted", events.bodies().get(1).get("state"));
        assertEquals("new\nkernel", events.bodies().get(1).get("reason"));
        handling.stop();
    }

    @Test
    void saysThatOnlyTheProcessEnded() throws Exception {
        Handling handling = new Handling(reboot(store, BEFORE, "/bin/true"), Noted.with("aWQx", Map.of("delay", 1)));
        await().until(() -> events.bodies().size() == 1);
        Outcome.Failed failed = (Outcome.Failed)
                reboot(store.afterPowerCut(), BEFORE, "/bin/true").resume("aWQx");
        assertEquals("not-rebooted", failed.problem().type());
        assertEquals("failed", events.bodies().get(1).get("state"));
        handling.stop();
    }

    @Test
    void saysTheSameWhereItIsAskedAgain() throws Exception {
        Handling handling = new Handling(reboot(store, BEFORE, "/bin/true"), Noted.with("aWQx", Map.of("delay", 1)));
        await().until(() -> events.bodies().size() == 1);
        Files.writeString(bootId, "another\n");
        MemoryStore after = store.afterPowerCut();
        Outcome first = reboot(after, BEFORE, "/bin/true").resume("aWQx");
        assertTrue(first instanceof Outcome.Done, first.toString());
        assertEquals(first, reboot(after, BEFORE, "/bin/true").resume("aWQx"));
        handling.stop();
    }

    @Test
    void leavesOutHowLongItTookWhereTheClockWentBack() throws Exception {
        Handling handling = new Handling(reboot(store, BEFORE, "/bin/true"), Noted.with("aWQx", Map.of("delay", 1)));
        await().until(() -> events.bodies().size() == 1);
        Files.writeString(bootId, "another\n");
        Outcome.Done done = (Outcome.Done) reboot(store, Instant.parse("1970-01-01T00:00:10Z"), "/bin/true")
                .resume("aWQx");
        assertFalse(done.result().containsKey("took"));
        handling.stop();
    }

    @Test
    void knowsNothingOfAnotherCommand() throws Exception {
        Handling handling = new Handling(reboot(store, BEFORE, "/bin/true"), Noted.with("aWQx", Map.of("delay", 1)));
        await().until(() -> events.bodies().size() == 1);
        Outcome.Failed failed =
                (Outcome.Failed) reboot(store, BEFORE, "/bin/true").resume("aWQy");
        assertEquals("interrupted", failed.problem().type());
        handling.stop();
    }

    @Test
    void refusesUnlessItIsPermitted() throws Exception {
        Reboot unpermitted =
                new Reboot(config(false, "/bin/true"), surroundings(BEFORE, MINUTES), device(), events, store);
        Outcome.Refused refused = (Outcome.Refused) unpermitted.handle(Noted.with(Map.of()));
        assertEquals("not-permitted", refused.problem().type());
        assertTrue(refused.problem().detail().contains("rebootPermitted"));
        Outcome.Refused empty = (Outcome.Refused) reboot(store, BEFORE).handle(Noted.with(Map.of()));
        assertEquals("not-permitted", empty.problem().type());
    }

    @Test
    void refusesWhileSomebodyMinds() throws Exception {
        inhibitors.add(() -> Optional.of("firmware V2 is being written"));
        inhibitors.add(Optional::empty);
        inhibitors.add(() -> {
            throw new IllegalStateException("broken");
        });
        inhibitors.add(() -> Optional.of("a capture is being kept"));
        Outcome.Refused refused =
                (Outcome.Refused) reboot(store, BEFORE, "/bin/true").handle(Noted.with(Map.of()));
        assertEquals("inhibited", refused.problem().type());
        assertEquals(
                "not now: firmware V2 is being written; a capture is being kept; ask again when that has ended",
                refused.problem().detail());
        assertEquals(List.of(), events.bodies());
    }

    @Test
    void goesNotWhereSomebodyMindsByThen() throws Exception {
        Noted asked = Noted.with(Map.of("delay", "PT1S"));
        Handling handling = new Handling(reboot(store, BEFORE, "/bin/false"), asked);
        await().until(() -> asked.notes().size() == 1);
        inhibitors.add(() -> Optional.of("firmware V2 is being written"));
        Outcome.Failed failed = (Outcome.Failed) handling.end();
        assertEquals("inhibited", failed.problem().type());
        assertTrue(store.keys().isEmpty());
    }

    @Test
    void refusesASecondOneWhileTheFirstIsAboutToGo() throws Exception {
        Reboot reboot = reboot(store, BEFORE, "/bin/true");
        Noted asked = Noted.with(Map.of("delay", "PT60S"));
        Handling handling = new Handling(reboot, asked);
        await().until(() -> asked.notes().size() == 1);
        Outcome.Refused refused = (Outcome.Refused) reboot.handle(Noted.with(Map.of()));
        assertEquals("already-rebooting", refused.problem().type());
        handling.stop();
    }

    @Test
    void goesNotWhenItIsCancelledBefore() throws Exception {
        Reboot reboot = reboot(store, BEFORE, "/bin/true");
        Noted asked = Noted.with(Map.of("delay", "PT60S"));
        Handling handling = new Handling(reboot, asked);
        await().until(() -> asked.notes().size() == 1);
        assertFalse(store.keys().isEmpty());
        handling.interrupt();
        assertTrue(handling.end() instanceof InterruptedException);
        assertTrue(store.keys().isEmpty());
        assertEquals(List.of(), events.bodies());
    }

    @Test
    void goesNotWhenItsBundleStopsBefore() throws Exception {
        Reboot reboot = reboot(store, BEFORE, "/bin/true");
        Noted asked = Noted.with(Map.of("delay", "PT60S"));
        Handling handling = new Handling(reboot, asked);
        await().until(() -> asked.notes().size() == 1);
        reboot.close();
        assertTrue(handling.end() instanceof InterruptedException);
        assertTrue(store.keys().isEmpty());
        assertThrows(InterruptedException.class, () -> reboot.handle(Noted.with(Map.of("delay", "PT60S"))));
    }

    @Test
    void saysWhyItDidNotGo() throws Exception {
        Outcome.Failed nowhere =
                (Outcome.Failed) reboot(store, BEFORE, "/nowhere/reboot").handle(Noted.with(Map.of("delay", "PT1S")));
        assertEquals("reboot-failed", nowhere.problem().type());
        assertTrue(nowhere.problem().detail().contains("/nowhere/reboot"));
        Outcome.Failed failed = (Outcome.Failed)
                reboot(store, BEFORE, "/bin/sh", "-c", "exit 3").handle(Noted.with(Map.of("delay", "PT1S")));
        assertEquals("/bin/sh ended with code 3", failed.problem().detail());
        assertEquals("/bin/sh ended with code 3", events.bodies().get(3).get("cause"));
        assertTrue(store.keys().isEmpty());
    }

    @Test
    void saysThatNothingHappened() throws Exception {
        Reboot.Surroundings impatient = surroundings(BEFORE, Duration.ofMillis(100));
        Reboot reboot = new Reboot(config(true, "/bin/true"), impatient, device(), events, store);
        Outcome.Failed failed = (Outcome.Failed) reboot.handle(Noted.with(Map.of("delay", "PT1S")));
        assertEquals("not-rebooted", failed.problem().type());
        assertEquals("failed", events.bodies().get(1).get("state"));
        assertTrue(store.keys().isEmpty());
    }

    @Test
    void goesAlsoWhereFlashIsBroken() throws Exception {
        store.breakFlash();
        Path gone = folder.resolve("gone");
        Handling handling = new Handling(
                reboot(store, BEFORE, "/bin/sh", "-c", "echo x > " + gone), Noted.with(Map.of("delay", "PT1S")));
        await().until(() -> Files.exists(gone));
        handling.stop();
    }

    @Test
    void namesADelayThatWillNotDo() {
        BadArgument e = assertThrows(
                BadArgument.class, () -> reboot(store, BEFORE, "/bin/true").handle(Noted.with(Map.of("delay", "P1D"))));
        assertEquals("delay must be from PT1S to PT1H: PT24H", e.getMessage());
    }

    private Reboot reboot(MemoryStore store, Instant now, String... command) {
        return new Reboot(config(true, command), surroundings(now, MINUTES), device(), events, store);
    }

    private Reboot.Surroundings surroundings(Instant now, Duration longestEnd) {
        return new Reboot.Surroundings(
                new Inhibitors(() -> inhibitors), bootId, Clock.fixed(now, ZoneOffset.UTC), longestEnd);
    }

    private static Device device() {
        return new Device() {
            @Override
            public String name() {
                return "dwr/311-a1/1";
            }

            @Override
            public Optional<String> place() {
                return Optional.empty();
            }

            @Override
            public String boot() {
                return "fedcba9876543210";
            }

            @Override
            public List<String> scopes() {
                return List.of(name());
            }
        };
    }

    private static Reboot.Config config(boolean isPermitted, String... command) {
        return new Reboot.Config() {
            @Override
            public boolean rebootPermitted() {
                return isPermitted;
            }

            @Override
            public String[] rebootCommand() {
                return command;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return Reboot.Config.class;
            }
        };
    }

    /** A command that is being handled, on a thread of its own. */
    private static final class Handling {
        private final AtomicReference<Object> end = new AtomicReference<>();
        private final Thread thread;

        Handling(Reboot reboot, Noted asked) {
            thread = new Thread(() -> {
                try {
                    end.set(reboot.handle(asked));
                } catch (InterruptedException | RuntimeException e) {
                    end.set(e);
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        void assertGoesOn() {
            assertTrue(thread.isAlive(), String.valueOf(end.get()));
        }

        void interrupt() {
            thread.interrupt();
        }

        Object end() throws InterruptedException {
            thread.join();
            return end.get();
        }

        /** As when the process ends. */
        void stop() throws InterruptedException {
            interrupt();
            assertTrue(end() instanceof InterruptedException, String.valueOf(end.get()));
        }
    }
}
