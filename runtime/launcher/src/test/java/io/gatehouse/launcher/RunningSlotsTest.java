package io.gatehouse.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.software.Complaint;
import io.gatehouse.software.Document;
import io.gatehouse.software.RuntimeSlot;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/** The service over a framework that does not do what it is asked for. */
class RunningSlotsTest {
    private static final RuntimeSlot IMAGE = new RuntimeSlot("image", Optional.empty(), Map.of());

    @TempDir
    private Path folder;

    private Home home;
    private Path slots;
    private boolean stops;

    @Test
    void aFrameworkThatDoesNotStopLeavesAllAsItWas() throws Exception {
        trying((service, software) -> {
            assertThrows(IOException.class, () -> service.start(IMAGE));
            assertFalse(service.isEnding());
            assertFalse(software.isChanging(), "it keeps changes from beginning");
            assertFalse(Files.exists(slots.resolve("next")), "the next start would be on probation");

            stops = true;
            assertEquals(List.of(), service.start(IMAGE));
            assertTrue(service.isEnding());
            assertTrue(software.isChanging());
        });
    }

    @Test
    void aFactoryResetIsOnFlashBeforeTheProcessEndsAndStaysWhereThatDoesNotEnd() throws Exception {
        trying((service, software) -> {
            FactoryReset reset = new FactoryReset(home.state());
            assertThrows(IllegalStateException.class, service::leaveForReset);
            assertEquals(List.of(), service.askForReset("id1", false));
            assertTrue(reset.isAskedFor());
            assertTrue(software.isChanging(), "a change would begin that the reset takes away");
            assertFalse(service.isEnding());
            assertEquals(List.of(Complaint.passing("another change goes on")), service.askForReset("id2", true));

            assertThrows(IOException.class, service::leaveForReset);
            assertFalse(service.isEnding());
            assertTrue(reset.isAskedFor(), "somebody was told that it is done");

            stops = true;
            service.leaveForReset();
            assertTrue(service.isEnding());
        });
    }

    @Test
    void aFactoryResetThatCannotBeWrittenChangesNothing() throws Exception {
        trying((service, software) -> {
            Files.createDirectory(home.state().resolve("reset.new"));
            assertThrows(IOException.class, () -> service.askForReset("id1", false));
            assertFalse(new FactoryReset(home.state()).isAskedFor());
            assertFalse(software.isChanging(), "it keeps changes from beginning");
        });
    }

    /** With a service whose runtime has proven itself. */
    private void trying(Trying test) throws Exception {
        home = Home.in(folder);
        slots = folder.resolve("slots");
        try (StateFolder state = StateFolder.open(home.state())) {
            Image image = Image.read(home.home());
            Jars jars = new Jars(image, state);
            Worker worker = new Worker();
            Bundles bundles = new Bundles(system(), Links.clean(folder.resolve("links")), jars, worker);
            RunningSoftware software = new RunningSoftware(
                    image,
                    jars,
                    new Planner(image, bundles, jars),
                    Optional::empty,
                    bundles.isolation()::holds,
                    Document.FACTORY,
                    Optional.empty());
            RunningSlots service = new RunningSlots(
                    Optional.of(new SlotFolder(slots, home.home())),
                    "1.2.3",
                    system(),
                    software,
                    bundles,
                    new Whiteboard(system(), worker, bundles.isolation()),
                    new FactoryReset(home.state()));
            service.proven();
            test.go(service, software);
        }
    }

    private interface Trying {
        void go(RunningSlots service, RunningSoftware software) throws Exception;
    }

    private BundleContext system() {
        return (BundleContext) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getServiceReferences" -> List.of();
                    case "getBundle" -> bundle();
                    default -> throw new AssertionError(method);
                });
    }

    private Bundle bundle() {
        return (Bundle) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Bundle.class}, (proxy, method, arguments) -> {
                    assertEquals("stop", method.getName());
                    if (!stops) {
                        throw new BundleException("not now");
                    }
                    return null;
                });
    }
}
