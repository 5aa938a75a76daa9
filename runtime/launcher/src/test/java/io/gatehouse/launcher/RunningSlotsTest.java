package io.gatehouse.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    private boolean stops;

    @Test
    void aFrameworkThatDoesNotStopLeavesAllAsItWas() throws Exception {
        Home home = Home.in(folder);
        Path slots = folder.resolve("slots");
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

            assertThrows(IOException.class, () -> service.start(IMAGE));
            assertFalse(service.isEnding());
            assertFalse(software.isChanging(), "it keeps changes from beginning");
            assertFalse(Files.exists(slots.resolve("next")), "the next start would be on probation");

            assertThrows(IOException.class, () -> service.reset(true));
            assertFalse(service.isEnding());
            assertFalse(software.isChanging(), "it keeps changes from beginning");
            assertFalse(new FactoryReset(home.state()).isAskedFor(), "the next start would be the reset");

            stops = true;
            assertEquals(List.of(), service.start(IMAGE));
            assertTrue(service.isEnding());
            assertTrue(software.isChanging());
        }
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
