package io.gatehouse.protocol.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProtectedHeaderTest {
    private static final Instant IAT = Instant.parse("2026-06-01T12:00:00.999Z");

    @Test
    void saysOfADesiredEnvelopeWhereAndWhenItWasSigned() {
        ProtectedHeader header = ProtectedHeader.desired("k", Fleet.FEATURE, IAT);
        assertEquals(
                "{\"kid\":\"k\",\"topic\":\"dwr/311-a1/desired/feature/modbus\",\"iat\":1780315200}", written(header));
        assertEquals(header, ProtectedHeader.read(Json.read(Json.write(header.write()))));
    }

    @Test
    void saysOfACommandWhoseItIsToo() {
        ProtectedHeader header = ProtectedHeader.command(
                "k",
                Fleet.PING,
                IAT,
                Duration.ofMinutes(1),
                new byte[] {(byte) 0xFB, (byte) 0xFF},
                Optional.of("reply/a"));
        assertEquals(
                "{\"kid\":\"k\",\"topic\":\"dwr/311-a1/00-11-22-33-44-55/cmd/ping\",\"iat\":1780315200,"
                        + "\"exp\":1780315260,\"jti\":\"-_8\",\"reply\":\"reply/a\"}",
                written(header));
        assertEquals(header, ProtectedHeader.read(Json.read(Json.write(header.write()))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT24H1S", "P2D", "PT0S", "PT-1S", "PT0.5S"})
    void commandIsGoodForADayAtMost(Duration life) {
        assertThrows(
                IllegalArgumentException.class,
                () -> ProtectedHeader.command("k", Fleet.PING, IAT, life, new byte[1], Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                     | kid is missing",
                "{'kid':7}                              | kid must be a string: 7",
                "{'kid':'k'}                            | topic is missing",
                "{'kid':'k','topic':'t'}                | iat is missing",
                "{'kid':'k','topic':'t','iat':'now'}    | iat must be a whole number: now",
                "{'kid':'k','topic':'t','iat':1.5}      | iat must be a whole number: 1.5",
                "{'kid':'k','topic':'t','iat':-1}       | iat must be from 0 to 253402300799: -1",
                "{'kid':'k','topic':'t','iat':1e99}     | iat must be a whole number: 1E+99",
                "{'kid':'k','topic':'t','iat':1,'exp':2}   | jti is missing",
                "{'kid':'k','topic':'t','iat':1,'jti':'j'} | exp is missing",
                "{'kid':'k','topic':'t','iat':1,'exp':2,'jti':'j','reply':7} | reply must be a string: 7",
            })
    void refusesWhatIsMissingOrIllTypedByName(String json, String why) {
        byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        assertEquals(
                why,
                assertThrows(BadArgument.class, () -> ProtectedHeader.read(Json.read(bytes)))
                        .getMessage());
    }

    @Test
    void keySignsInItsOwnNameAlone() {
        ProtectedHeader header = ProtectedHeader.desired("somebody", Fleet.FEATURE, IAT);
        SigningKey key = SigningKey.generate();
        assertThrows(IllegalArgumentException.class, () -> key.sign(header, new byte[0]));
    }

    @Test
    void lastAcceptedOutlivesTheProcess() {
        LastAccepted last = new LastAccepted("k", IAT.minusMillis(999), Sha256.of(new byte[0]));
        assertEquals(last, LastAccepted.read(Json.read(Json.write(last.write()))));
        for (Map<String, Object> other : List.<Map<String, Object>>of(
                Map.of(),
                Map.of("kid", "k", "iat", 1, "payload", "x"),
                Map.of("kid", "k", "iat", -1, "payload", "x"))) {
            assertThrows(BadArgument.class, () -> LastAccepted.read(Json.read(Json.write(other))));
        }
    }

    private static String written(ProtectedHeader header) {
        return new String(Json.write(header.write()), StandardCharsets.UTF_8);
    }
}
