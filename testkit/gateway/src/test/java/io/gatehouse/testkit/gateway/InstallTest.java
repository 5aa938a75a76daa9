package io.gatehouse.testkit.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@GatewayTest(device = "dwr/311-a1/install", place = "world/taiwan", settings = "gatehouse.settle=PT0.2S")
final class InstallTest {
    @TempDir
    static Path folder;

    @Test
    void whatIsInstalledIsObservedAndCommandedAndUpdatedAndRemoved(Gateway gateway) throws Exception {
        gateway.install(Plugins.rain(folder, 1));
        assertEquals(1, gateway.awaitObservation("rain/rain").number("version"));
        assertEquals(Outcome.done(Map.of("woken", "10.0.0.7")), gateway.command("wake", Map.of("host", "10.0.0.7")));
        Outcome.Refused refused = assertInstanceOf(Outcome.Refused.class, gateway.command("wake", Map.of()));
        assertEquals("host is missing", refused.problem().detail());

        gateway.install(Plugins.rain(folder, 2));
        gateway.awaitObservation("rain/rain", rain -> rain.number("version") == 2);
        gateway.install(Plugins.rain(folder, 2));

        gateway.remove("io.gatehouse.testkit.gateway.rain");
        assertInstanceOf(Outcome.Refused.class, gateway.command("wake", Map.of("host", "10.0.0.7")));
    }

    @RepeatedTest(2)
    void eachTestBeginsWithoutWhatTheOneBeforeInstalledAndObserved(Gateway gateway) throws Exception {
        assertEquals(0, gateway.observations("rain/rain").size());
        assertInstanceOf(Outcome.Refused.class, gateway.command("wake", Map.of("host", "10.0.0.7")));
        gateway.install(Plugins.rain(folder, 1));
        gateway.awaitObservation("rain/rain");
    }

    @Test
    void whatDoesNotResolveIsRefusedAndNothingOfItIsLeft(Gateway gateway) throws Exception {
        NotApplied refused = assertThrows(NotApplied.class, () -> gateway.install(Plugins.unresolvable(folder)));
        assertEquals("refused", refused.state());
        assertTrue(refused.getMessage().contains("com.acme.absent"), refused.getMessage());
        gateway.install(Plugins.rain(folder, 1));
        assertEquals(1, gateway.awaitObservation("rain/rain").number("version"));
    }

    @Test
    void whatDoesNotStartIsPutBackAndTheReasonTold(Gateway gateway) throws Exception {
        NotApplied back = assertThrows(NotApplied.class, () -> gateway.install(Plugins.broken(folder)));
        assertEquals("rolled-back", back.state());
        assertTrue(back.getMessage().contains("no rain gauge at /dev/rain"), back.getMessage());
    }

    @Test
    void updateThatIsNotAppliedLeavesTheVersionThatRan(Gateway gateway) throws Exception {
        gateway.install(Plugins.rain(folder, 1));
        NotApplied back = assertThrows(NotApplied.class, () -> gateway.install(Plugins.brokenRain(folder, 2)));
        assertEquals("rolled-back", back.state());
        assertGoesOnAt(1, gateway);
        NotApplied refused = assertThrows(NotApplied.class, () -> gateway.install(Plugins.unresolvable(folder)));
        assertEquals("refused", refused.state());
        assertGoesOnAt(1, gateway);
        gateway.install(Plugins.rain(folder, 2));
        gateway.awaitObservation("rain/rain", rain -> rain.number("version") == 2);
    }

    private static void assertGoesOnAt(int version, Gateway gateway) throws InterruptedException {
        long now = gateway.clock().instant().getEpochSecond();
        Observation next = gateway.awaitObservation("rain/rain", rain -> rain.number("second") > now);
        assertEquals(version, next.number("version"));
    }

    @Test
    void configurationThatTheBundleMayNotHaveIsToldAsAnEvent(Gateway gateway) throws Exception {
        gateway.install(Plugins.rain(folder, 1));
        gateway.configure("io.gatehouse.testkit.gateway.rain.Rain", Map.of("gatehouse.topic", "rain/elsewhere"));
        Observation event = gateway.awaitObservation("event/collector");
        assertTrue(event.toString().contains("rain/elsewhere"), event.toString());
    }

    @Test
    void fileThatIsNoBundleIsRefusedByName(Gateway gateway) throws Exception {
        Path absent = folder.resolve("absent.jar");
        assertEquals(
                "no such file: " + absent,
                assertThrows(IllegalArgumentException.class, () -> gateway.install(absent))
                        .getMessage());
        Path text = Files.writeString(folder.resolve("text.jar"), "no jar");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> gateway.install(text))
                .getMessage()
                .contains(text.toString()));
        assertThrows(IllegalArgumentException.class, () -> gateway.remove("com.acme.absent"));
        assertThrows(IllegalArgumentException.class, () -> gateway.configure("a/b", Map.of()));
    }
}
