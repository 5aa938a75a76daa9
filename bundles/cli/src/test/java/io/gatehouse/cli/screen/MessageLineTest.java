package io.gatehouse.cli.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gatehouse.api.message.Message;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

final class MessageLineTest {
    private static final String DEVICE = "dwr/311-a1/00-00-00-00-00-01";

    private final MessageLine line = new MessageLine(Paint.PLAIN, ZoneOffset.UTC);

    @Test
    void tellsASecurityEventByItsReasonAndItsTopic() {
        assertEquals(
                "12:00:00  " + DEVICE + "  event/security  unknown-key at dwr/desired/feature/a: there is no key X",
                text("{\"type\":\"unknown-key\",\"detail\":\"there is no key X\",\"count\":1,"
                        + "\"topic\":\"dwr/desired/feature/a\",\"sha256\":\"00\"}"));
        assertEquals(
                "12:00:00  " + DEVICE + "  event/security  unsigned at dwr/cmd/ping (12 of this kind)",
                text("{\"type\":\"unsigned\",\"count\":12,\"topic\":\"dwr/cmd/ping\"}"));
    }

    @Test
    void tellsWhatItDoesNotKnowByItsMembers() {
        assertEquals("12:00:00  " + DEVICE + "  event/security  other=1", text("{\"other\":1}"));
    }

    private String text(String payload) {
        return line.text(
                Message.json(DEVICE + "/event/security", payload.getBytes(StandardCharsets.UTF_8))
                        .with("device", DEVICE),
                Instant.parse("2026-06-01T12:00:00Z"));
    }
}
