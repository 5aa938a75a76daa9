package io.gatehouse.api.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.api.command.Outcome;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.launch.Framework;

final class InhibitorsTest {
    @TempDir
    private Path folder;

    @Test
    void mindsWhileOneDoesAndPassesOverOneThatThrows() {
        Inhibitor broken = () -> {
            throw new IllegalStateException("of somebody else");
        };
        Inhibitors all = new Inhibitors(
                () -> List.of(() -> Optional.of("a tunnel is open"), broken, () -> Optional.of("a shell is open")));
        assertEquals(Optional.of("a tunnel is open; a shell is open"), all.reason());
        assertEquals(
                Optional.of(Outcome.refused(
                        "inhibited", "not now: a tunnel is open; a shell is open; ask again when that has ended")),
                all.refusal());

        Inhibitors none = new Inhibitors(() -> List.of(broken, Optional::empty));
        assertEquals(Optional.empty(), none.reason());
        assertEquals(Optional.empty(), none.refusal());
    }

    @Test
    void asksTheServicesThatMindThisOrAnythingAndHoldsNoneOfThem() throws Exception {
        Framework framework =
                new FrameworkFactory().newFramework(Map.of(Constants.FRAMEWORK_STORAGE, folder.toString()));
        framework.start();
        try {
            BundleContext context = framework.getBundleContext();
            Inhibitors command = Inhibitors.of(context, Inhibitors.COMMAND);
            Inhibitors firmware = Inhibitors.of(context, Inhibitors.FIRMWARE);
            assertEquals(Optional.empty(), command.reason());

            ServiceRegistration<Inhibitor> both =
                    context.registerService(Inhibitor.class, () -> Optional.of("both"), new Hashtable<>());
            context.registerService(
                    Inhibitor.class,
                    () -> Optional.of("firmware"),
                    new Hashtable<>(Map.of("gatehouse.inhibits", "firmware")));
            assertEquals(Optional.of("both"), command.reason());
            assertEquals(
                    Set.of("both", "firmware"),
                    Set.of(firmware.reason().orElseThrow().split("; ")));
            assertEquals(null, both.getReference().getUsingBundles());

            both.unregister();
            assertEquals(Optional.empty(), command.reason());
        } finally {
            framework.stop();
            framework.waitForStop(10_000);
        }
    }
}
