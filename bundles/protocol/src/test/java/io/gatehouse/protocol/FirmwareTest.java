package io.gatehouse.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Members;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FirmwareTest {
    private static final String SHA256 = "a".repeat(64);

    private static Map<String, Object> spec() {
        return new LinkedHashMap<>(Map.of(
                "version",
                "V2.04B01",
                "sequence",
                204_001,
                "compatible",
                "dwr-311-a1",
                "sha256",
                SHA256,
                "size",
                42,
                "url",
                "https://example.com/v2.raucb"));
    }

    @Test
    void isWhatWasWritten() {
        Map<String, Object> spec = spec();
        spec.put("allowDowngrade", true);
        spec.put("withoutFallback", true);
        spec.put("chunks", Map.of("sha256", "b".repeat(64), "size", 36));
        spec.put("window", Map.of("from", "02:00", "to", "05:00", "zone", "Asia/Taipei"));

        Firmware firmware = Firmware.read(Members.of(spec));

        assertEquals(firmware, Firmware.read(Json.read(Json.write(firmware.write()))));
        assertEquals(Optional.of(new Artifact(new Sha256("b".repeat(64)), 36, Optional.empty())), firmware.chunks());
        assertEquals(
                Optional.of(new Window(LocalTime.of(2, 0), LocalTime.of(5, 0), ZoneId.of("Asia/Taipei"))),
                firmware.window());
    }

    @Test
    void isTheSameBytesWhicheverProcessWritesIt() {
        Map<String, Object> spec = spec();
        spec.put("window", Map.of("from", "02:00", "to", "05:00", "zone", "UTC"));
        Envelope envelope =
                new Envelope(Optional.of(Firmware.read(Members.of(spec)).write()), new Rollout(10, "V2"));

        String text = new String(envelope.write(), StandardCharsets.UTF_8);

        assertTrue(
                text.endsWith(
                        ",\"window\":{\"from\":\"02:00\",\"to\":\"05:00\",\"zone\":\"UTC\"}},\"rollout\":{\"percent\":10,\"salt\":\"V2\"}}"),
                text);
    }

    @Test
    void mayBeTakenAlwaysAndOnlyUpwardsAndWithAWayBackUnlessItSaysSo() {
        Firmware firmware = Firmware.read(Members.of(spec()));

        assertEquals(Optional.empty(), firmware.window());
        assertFalse(firmware.allowDowngrade());
        assertFalse(firmware.withoutFallback());
    }

    @ParameterizedTest
    @CsvSource({
        "version,,version is missing",
        "version,' ',version must be 1 to 100 characters:",
        "sequence,-1,sequence must be",
        "sequence,1.5,sequence must be a whole number: 1.5",
        "compatible,,compatible is missing",
        "sha256,abc,sha256 must be 64 lower-case hex digits: abc",
        "size,0,size must be",
        "url,ftp://x/y,url must be an http or https address",
    })
    void namesWhatWillNotDo(String member, String value, String complaint) {
        Map<String, Object> spec = spec();
        spec.remove(member);
        if (value != null) {
            spec.put(member, value.matches("-?[0-9.]+") ? (Object) Double.valueOf(value) : value);
        }

        BadArgument e = assertThrows(BadArgument.class, () -> Firmware.read(Members.of(spec)));

        assertTrue(String.valueOf(e.getMessage()).startsWith(complaint), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "2:00,05:00,UTC,window.from must be a time of day such as 02:00: 2:00",
        "02:00,25:00,UTC,window.to must be a time of day such as 02:00: 25:00",
        "02:00,02:00,UTC,window.to must be another time than from: 02:00",
        "02:00,05:00,Taipei,window.zone must be a time zone such as Asia/Taipei or UTC: Taipei",
    })
    void namesWhatIsNoWindow(String from, String to, String zone, String complaint) {
        Map<String, Object> spec = spec();
        spec.put("window", Map.of("from", from, "to", to, "zone", zone));

        BadArgument e = assertThrows(BadArgument.class, () -> Firmware.read(Members.of(spec)));

        assertEquals(complaint, e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "02:00,05:00,2026-03-01T01:59:59Z,PT1S",
        "02:00,05:00,2026-03-01T02:00:00Z,PT0S",
        "02:00,05:00,2026-03-01T04:59:59Z,PT0S",
        "02:00,05:00,2026-03-01T05:00:00Z,PT21H",
        "22:00,03:00,2026-03-01T23:00:00Z,PT0S",
        "22:00,03:00,2026-03-01T02:00:00Z,PT0S",
        "22:00,03:00,2026-03-01T03:00:00Z,PT19H",
    })
    void opensEachDayAlsoOverMidnight(LocalTime from, LocalTime to, Instant now, Duration opensIn) {
        assertEquals(opensIn, new Window(from, to, ZoneId.of("UTC")).opensIn(now));
    }

    @Test
    void opensByTheClockOfItsZoneAlsoWhereThatIsChanged() {
        Window window = new Window(LocalTime.of(2, 30), LocalTime.of(4, 0), ZoneId.of("Europe/Berlin"));

        // 02:30 does not exist in that night: 03:30 is what it becomes
        assertEquals(Duration.ofMinutes(60), window.opensIn(Instant.parse("2026-03-29T00:30:00Z")));
    }
}
