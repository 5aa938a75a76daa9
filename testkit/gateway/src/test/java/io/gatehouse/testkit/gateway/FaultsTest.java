package io.gatehouse.testkit.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatehouse.api.command.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@GatewayTest
final class FaultsTest {
    @TempDir
    static Path folder;

    @BeforeAll
    static void install(Gateway gateway) throws Exception {
        gateway.install(Plugins.rain(folder, 1));
    }

    @Test
    void gatewayGoesOnWithWhatItHadAfterAPowerCut(Gateway gateway) throws Exception {
        String boot = gateway.awaitObservation("rain/rain").boot();
        gateway.faults().powerCut();
        gateway.awaitObservation("rain/rain", rain -> !rain.boot().equals(boot));
        assertInstanceOf(Outcome.Done.class, gateway.command("wake", Map.of("host", "a")));
    }

    @Test
    void whatIsObservedWhileTheLinkIsCutComesLater(Gateway gateway) throws Exception {
        List<Long> away = new ArrayList<>();
        gateway.faults().linkCut(() -> awaitThreeSeconds(gateway, away));
        gateway.awaitObservation("rain/rain", rain -> isWithin(rain, away));
    }

    @Test
    void whatIsObservedWhileTheBrokerIsGoneComesLater(Gateway gateway) throws Exception {
        List<Long> away = new ArrayList<>();
        gateway.faults().brokerGone(() -> awaitThreeSeconds(gateway, away));
        gateway.awaitObservation("rain/rain", rain -> isWithin(rain, away));
        assertInstanceOf(Outcome.Done.class, gateway.command("wake", Map.of("host", "a")));
    }

    @Test
    void whatTheBrokerTellsAgainIsNoNews(Gateway gateway) throws Exception {
        gateway.install(Plugins.rain(folder, 2));
        Observation last = gateway.awaitObservation("reported/feature", FaultsTest::isApplied);
        gateway.faults().brokerGone(() -> {});
        long back = gateway.clock().instant().getEpochSecond();
        gateway.awaitObservation("rain/rain", rain -> rain.number("second") > back);
        List<String> reports = gateway.observations("reported/feature").stream()
                .map(Observation::toString)
                .toList();
        assertEquals(1, Collections.frequency(reports, last.toString()), reports::toString);
    }

    private static boolean isApplied(Observation report) {
        return report.body().string("state").equals("applied");
    }

    @Test
    void whatFailsWhileAFaultLastsEndsTheFaultToo(Gateway gateway) throws Exception {
        IOException thrown =
                assertThrows(IOException.class, () -> gateway.faults().linkCut(() -> {
                    throw new IOException("no gauge");
                }));
        assertEquals("no gauge", thrown.getMessage());
        assertInstanceOf(Outcome.Done.class, gateway.command("wake", Map.of("host", "a")));
    }

    /** Notes when this began and ended. */
    private static void awaitThreeSeconds(Gateway gateway, List<Long> away) {
        long begun = gateway.clock().instant().getEpochSecond();
        Awaitility.await().until(() -> gateway.clock().instant().getEpochSecond() > begun + 3);
        away.addAll(List.of(begun + 1, gateway.clock().instant().getEpochSecond() - 1));
    }

    private static boolean isWithin(Observation rain, List<Long> away) {
        return rain.number("second") >= away.get(0) && rain.number("second") <= away.get(1);
    }
}
