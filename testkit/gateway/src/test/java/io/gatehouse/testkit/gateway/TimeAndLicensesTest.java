package io.gatehouse.testkit.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.command.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@GatewayTest
final class TimeAndLicensesTest {
    private static final String FEATURE = "com.acme.rain";

    @TempDir
    static Path folder;

    @BeforeAll
    static void install(Gateway gateway) throws Exception {
        gateway.install(Plugins.rain(folder, 1));
    }

    @Test
    void monthPassesAtOnceForBundlesAndInMessages(Gateway gateway) throws Exception {
        double before = gateway.awaitObservation("rain/rain").number("second");
        gateway.clock().advance(Duration.ofDays(30));
        double month = Duration.ofDays(30).toSeconds();
        Observation after = gateway.awaitObservation("rain/rain", rain -> rain.number("second") >= before + month);
        Instant at = Instant.parse(after.body().string("at"));
        assertTrue(Duration.between(at, gateway.clock().instant()).abs().toSeconds() < 60, "at " + at);
        assertInstanceOf(Outcome.Done.class, gateway.command("wake", Map.of("host", "a")), "signed by this time");
    }

    @RepeatedTest(2)
    void clockThatIsSetBackLeavesTheOperatorTrustedAndIsRightInTheNextTest(Gateway gateway) throws Exception {
        Duration off = Duration.between(gateway.clock().instant(), Instant.now());
        assertTrue(off.abs().toHours() < 1, () -> "the clock is off by " + off);
        gateway.clock().set(Instant.parse("1970-01-01T00:00:10Z"));
        gateway.awaitObservation("rain/rain", rain -> rain.number("second") < 1000);
        assertInstanceOf(Outcome.Done.class, gateway.command("wake", Map.of("host", "a")));
    }

    @Test
    void licenseComesIntoForceAndEndsByTheClock(Gateway gateway) throws Exception {
        gateway.grant(FEATURE, Map.of("targets", 5), Duration.ofDays(60));
        gateway.install(Plugins.licensed(folder));
        assertEquals(5, targets(gateway));
        gateway.clock().advance(Duration.ofDays(61));
        gateway.awaitObservation(
                "event/license", event -> event.body().string("state").equals("ended"));
        assertInstanceOf(Outcome.Refused.class, gateway.command("targets", Map.of()));
        gateway.grant(FEATURE, Map.of("targets", 7));
        assertEquals(7, targets(gateway));
    }

    @Test
    void licenseIsRevokedAndAnotherGranted(Gateway gateway) throws Exception {
        gateway.grant(FEATURE, Map.of("targets", 5L));
        gateway.install(Plugins.licensed(folder));
        assertEquals(5, targets(gateway));
        gateway.revoke(FEATURE);
        assertInstanceOf(Outcome.Refused.class, gateway.command("targets", Map.of()));
        assertThrows(IllegalArgumentException.class, () -> gateway.revoke(FEATURE));
        gateway.grant(FEATURE, Map.of("targets", 6L));
        assertEquals(6, targets(gateway));
    }

    @Test
    void licenseThatIsOverIsNotGrantedAndNothingOfItIsLeft(Gateway gateway) throws Exception {
        assertEquals("ended", grantOver(gateway).state());
        List<Observation> reports = gateway.observations("reported/license");
        assertEquals(List.of(), reports.get(reports.size() - 1).body().objects("licenses"));
    }

    @Test
    void renewalThatIsOverLeavesWhatWasGranted(Gateway gateway) throws Exception {
        gateway.grant(FEATURE, Map.of("targets", 5));
        gateway.install(Plugins.licensed(folder));
        assertEquals("ended", grantOver(gateway).state());
        assertEquals(5, targets(gateway));
        gateway.grant(FEATURE, Map.of("targets", 6));
        gateway.revoke(FEATURE);
        assertInstanceOf(Outcome.Refused.class, gateway.command("targets", Map.of()));
    }

    private static NotApplied grantOver(Gateway gateway) {
        return assertThrows(NotApplied.class, () -> gateway.grant(FEATURE, Map.of(), Duration.ofSeconds(-10)));
    }

    private static long targets(Gateway gateway) throws InterruptedException {
        Outcome.Done done = assertInstanceOf(Outcome.Done.class, gateway.command("targets", Map.of()));
        return ((Number) done.result().get("targets")).longValue();
    }
}
