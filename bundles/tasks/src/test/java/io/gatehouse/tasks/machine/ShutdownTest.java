package io.gatehouse.tasks.machine;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.device.Inhibitor;
import io.gatehouse.api.device.Inhibitors;
import io.gatehouse.tasks.Asked;
import io.gatehouse.tasks.Events;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShutdownTest {
    @TempDir
    Path folder;

    private final Events events = Events.of("shutdown");
    private final List<Inhibitor> inhibitors = new CopyOnWriteArrayList<>();

    @Test
    void answersFirstAndGoesThen() {
        Path gone = folder.resolve("gone");
        Shutdown shutdown = shutdown(true, "/bin/sh", "-c", "echo x > " + gone);
        Outcome.Done done = (Outcome.Done) shutdown.handle(Asked.with(Map.of("delay", "PT1S", "reason", "heat")));
        assertEquals(Map.of("shuttingDownIn", 1.0, "reason", "heat"), done.result());
        assertFalse(Files.exists(gone), "it is too early to go");
        await().until(() -> Files.exists(gone));
        assertEquals(List.of(Map.of("state", "shutting-down", "reason", "heat")), events.bodies());
    }

    @Test
    void refusesUnlessItIsPermitted() {
        Outcome.Refused refused = (Outcome.Refused) shutdown(false, "/bin/true").handle(Asked.with(Map.of()));
        assertEquals("not-permitted", refused.problem().type());
        assertTrue(refused.problem().detail().contains("shutdownPermitted"));
    }

    @Test
    void refusesWhileSomebodyMinds() {
        inhibitors.add(() -> Optional.of("firmware V2 is being written"));
        Outcome.Refused refused = (Outcome.Refused) shutdown(true, "/bin/true").handle(Asked.with(Map.of()));
        assertEquals("inhibited", refused.problem().type());
    }

    @Test
    void goesNotWhereSomebodyMindsByThen() {
        Path gone = folder.resolve("gone");
        Shutdown shutdown = shutdown(true, "/bin/sh", "-c", "echo x > " + gone);
        assertTrue(shutdown.handle(Asked.with(Map.of("delay", "PT1S"))) instanceof Outcome.Done);
        inhibitors.add(() -> Optional.of("firmware V2 is being written"));
        await().until(() -> events.bodies().size() == 1);
        assertEquals("failed", events.bodies().get(0).get("state"));
        assertFalse(Files.exists(gone));
    }

    @Test
    void refusesASecondOneAndGoesNotWhenItsBundleStopsBefore() {
        Shutdown shutdown = shutdown(true, "/bin/true");
        assertTrue(shutdown.handle(Asked.with(Map.of("delay", "PT60S"))) instanceof Outcome.Done);
        Outcome.Refused refused = (Outcome.Refused) shutdown.handle(Asked.with(Map.of()));
        assertEquals("already-shutting-down", refused.problem().type());
        shutdown.close();
        await().until(() -> events.bodies().size() == 1);
        assertEquals("failed", events.bodies().get(0).get("state"));
    }

    @Test
    void saysWhyItDidNotGo() {
        shutdown(true, "/nowhere/poweroff").handle(Asked.with(Map.of("delay", "PT1S")));
        await().until(() -> events.bodies().size() == 2);
        assertTrue(String.valueOf(events.bodies().get(1).get("cause")).contains("/nowhere/poweroff"));
    }

    private Shutdown shutdown(boolean isPermitted, String... command) {
        return new Shutdown(
                new Shutdown.Config() {
                    @Override
                    public boolean shutdownPermitted() {
                        return isPermitted;
                    }

                    @Override
                    public String[] shutdownCommand() {
                        return command;
                    }

                    @Override
                    public Class<? extends Annotation> annotationType() {
                        return Shutdown.Config.class;
                    }
                },
                new Inhibitors(() -> inhibitors),
                events);
    }
}
