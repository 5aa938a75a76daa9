package io.gatehouse.cli.dev;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.LeftOut;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.fleet.Wish;
import io.gatehouse.protocol.Envelope;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.Scope;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a device says of a version, in the orders in which it may arrive. */
final class ShipmentTest {
    private static final String DEVICE = "dwr/311-a1/00-00-00-00-00-01";
    private static final String RAIN = "com.acme.rain";
    private static final String VERSION = "1.0.0.q";

    private Wish wish;
    private Shipment shipment;
    private long now;

    @BeforeEach
    void aWish() throws Trouble {
        wish = Wish.feature(new Scope(DEVICE), RAIN, Envelope.REMOVED);
        shipment = shipment("rain/rain");
    }

    private Shipment shipment(String... topics) {
        return new Shipment(DEVICE, wish, RAIN, new Edition(Path.of("a.jar"), VERSION, List.of(topics), false));
    }

    private void heard(String below, Map<String, ?> body) {
        Message message = Message.json(DEVICE + "/" + below, Json.write(body));
        shipment.take(new Happenings.Heard(message, now++));
    }

    private void report(String state, String step, int second, String version) {
        Map<String, Object> report = new HashMap<>(Map.of("state", state, "step", step, "at", at(second)));
        report.put("desired", Map.of(wish.topic(), wish.digest()));
        report.put("bundles", List.of(Map.of("symbolicName", RAIN, "version", version)));
        heard("reported/feature", report);
    }

    private void reading(int second) {
        heard("rain/rain", Map.of("at", at(second), "much", second));
    }

    private static String at(int second) {
        return "2026-01-01T00:00:0" + second + "Z";
    }

    private Optional<Long> read() {
        return shipment.reading().map(heard -> ((Number)
                        Json.read(heard.message().payload()).value("much").orElseThrow())
                .longValue());
    }

    @Test
    void takesTheFirstReadingAfterTheEnd() {
        report("applied", "", 1, VERSION);
        assertFalse(shipment.isOver());
        reading(2);
        reading(3);
        assertTrue(shipment.isOver());
        assertTrue(shipment.isThere());
        assertEquals(Optional.of(2L), read());
    }

    @Test
    void takesAReadingThatCameWhileTheDeviceProvedTheChange() {
        reading(0);
        report("applying", "fetch", 1, "");
        reading(2);
        report("applying", "apply", 3, "");
        reading(4);
        assertEquals(Optional.empty(), read());
        report("applied", "", 5, VERSION);
        assertEquals(Optional.of(4L), read());
    }

    @Test
    void takesNoReadingOfTheVersionBeforeThatComesLate() {
        report("applying", "apply", 3, "");
        reading(2);
        report("applied", "", 5, VERSION);
        assertEquals(Optional.empty(), read());
        assertFalse(shipment.isOver());
    }

    @Test
    void isOverWithoutAReadingWhereTheVersionIsPutBack() {
        report("applying", "apply", 1, "");
        reading(2);
        report("rolled-back", "", 3, "1.0.0.p");
        assertTrue(shipment.isOver());
        assertFalse(shipment.isApplied());
        assertEquals(Optional.empty(), read());
    }

    @Test
    void isOverWhereTheBundleDeclaresNoTopic() {
        shipment = shipment();
        report("applied", "", 1, VERSION);
        assertTrue(shipment.isOver());
    }

    @Test
    void isOverWhereThisVersionReadsInVain() {
        report("applied", "", 1, VERSION);
        Map<String, Object> event = new HashMap<>(Map.of("bundle", RAIN, "collector", "Rain", "state", "failing"));
        event.put("version", "1.0.0.p");
        heard("event/collector", event);
        assertFalse(shipment.isOver(), "it is the version before that fails");
        event.put("version", VERSION);
        event.put("cause", "no sensor");
        heard("event/collector", event);
        assertTrue(shipment.isOver());
        assertEquals(Optional.of("Rain failing: no sensor"), shipment.fails());
    }

    @Test
    void isOverWhereTheDeviceDoesNotEvenLookAtTheWish() {
        heard(
                "event/security",
                Map.of("type", "unknown-key", "detail", "", "topic", wish.topic(), "sha256", wish.digest()));
        assertTrue(shipment.isOver());
        assertEquals("refused", shipment.end().orElseThrow().report().state());
    }

    @Test
    void seesThatTheDeviceAppliedItAndHasAnotherVersion() {
        report("applied", "", 1, "9.0.0");
        assertFalse(shipment.isThere());
    }

    @Test
    void tellsTheLicensesThatItWaitsForAndNoOtherFeatures() {
        Map<String, Object> report =
                new HashMap<>(Map.of("state", "applied", "desired", Map.of(wish.topic(), wish.digest())));
        report.put(
                "unlicensed",
                List.of(
                        Map.of("topic", wish.topic(), "feature", "a:b:1", "bundle", RAIN, "license", "com.acme.gold"),
                        Map.of(
                                "topic",
                                "dwr/desired/feature/snow",
                                "feature",
                                "a:c:1",
                                "bundle",
                                "com.acme.snow",
                                "license",
                                "snow")));
        heard("reported/feature", report);
        assertEquals(
                List.of(new LeftOut(wish.topic(), "a:b:1", RAIN, "com.acme.gold", Optional.empty(), true)),
                shipment.leftOut());
    }

    @Test
    void passesOverReportsOfOtherWishesAndWhatItDoesNotUnderstand() {
        heard("reported/feature", Map.of("state", "applied", "desired", Map.of(wish.topic(), "0")));
        shipment.take(new Happenings.Heard(Message.json(DEVICE + "/reported/feature", new byte[] {'{'}), now++));
        heard("other/topic", Map.of("at", at(1)));
        assertEquals(Optional.empty(), shipment.end());
    }
}
