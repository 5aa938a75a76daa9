package io.gatehouse.tasks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RebootTest {
    @TempDir
    Path folder;

    private final Events events = new Events();

    @Test
    void answersFirstAndGoesThen() {
        Path gone = folder.resolve("gone");
        Reboot reboot = reboot(true, "/bin/sh", "-c", "echo x > " + gone);
        Outcome.Done done = (Outcome.Done) reboot.handle(Asked.with(Map.of("delay", "PT1S", "reason", "new kernel")));
        assertEquals(Map.of("rebootingIn", 1.0, "reason", "new kernel"), done.result());
        assertFalse(Files.exists(gone), "it is too early to go");
        await().until(() -> Files.exists(gone));
        assertEquals(List.of(Map.of("state", "rebooting", "reason", "new kernel")), events.bodies);
    }

    @Test
    void refusesUnlessItIsPermitted() {
        Outcome.Refused refused = (Outcome.Refused) reboot(false, "/bin/true").handle(Asked.with(Map.of()));
        assertEquals("not-permitted", refused.problem().type());
        Outcome.Refused empty = (Outcome.Refused) reboot(true).handle(Asked.with(Map.of()));
        assertEquals("not-permitted", empty.problem().type());
    }

    @Test
    void refusesASecondOneWhileTheFirstIsAboutToGo() {
        Reboot reboot = reboot(true, "/bin/true");
        assertTrue(reboot.handle(Asked.with(Map.of("delay", "PT60S"))) instanceof Outcome.Done);
        Outcome.Refused refused = (Outcome.Refused) reboot.handle(Asked.with(Map.of()));
        assertEquals("already-rebooting", refused.problem().type());
        reboot.close();
        await().until(() -> events.bodies.size() == 1);
        assertEquals("failed", events.bodies.get(0).get("state"));
    }

    @Test
    void saysWhenItDidNotGo() {
        reboot(true, "/nowhere/reboot").handle(Asked.with(Map.of("delay", "PT1S")));
        await().until(() -> events.bodies.size() == 2);
        assertEquals("failed", events.bodies.get(1).get("state"));
        assertTrue(String.valueOf(events.bodies.get(1).get("cause")).contains("/nowhere/reboot"));
    }

    @Test
    void saysWithWhichCodeTheProgramFailed() {
        reboot(true, "/bin/sh", "-c", "exit 3").handle(Asked.with(Map.of("delay", "PT1S")));
        await().until(() -> events.bodies.size() == 2);
        assertEquals("/bin/sh ended with code 3", events.bodies.get(1).get("cause"));
    }

    @Test
    void namesADelayThatWillNotDo() {
        BadArgument e = assertThrows(
                BadArgument.class, () -> reboot(true, "/bin/true").handle(Asked.with(Map.of("delay", "P1D"))));
        assertEquals("delay must be from PT1S to PT1H: PT24H", e.getMessage());
    }

    private Reboot reboot(boolean isPermitted, String... command) {
        return new Reboot(
                new Reboot.Config() {
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
                },
                events);
    }

    private static final class Events implements Outbox {
        final List<Map<String, ?>> bodies = new CopyOnWriteArrayList<>();

        @Override
        public void event(String name, Map<String, ?> body) {
            assertEquals("reboot", name);
            bodies.add(body);
        }

        @Override
        public void observation(String topic, Instant at, Map<String, ?> body, boolean alsoAtPlace) {
            throw new AssertionError("unexpected observation " + topic);
        }

        @Override
        public void report(String resource, Map<String, ?> body) {
            throw new AssertionError("unexpected report " + resource);
        }

        @Override
        public void send(Message message) {
            throw new AssertionError("unexpected message " + message.topic());
        }
    }
}
