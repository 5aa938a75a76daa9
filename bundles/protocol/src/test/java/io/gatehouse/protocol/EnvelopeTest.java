package io.gatehouse.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
    @Test
    void carriesWhatShouldBeSo() {
        assertEquals(
                new Envelope(Optional.of(Map.of("a", 1L)), Rollout.ALL), read("{\"spec\":{\"a\":1},\"unknown\":7}"));
        assertEquals(Optional.of("text"), read("{\"spec\":\"text\"}").spec());
        assertEquals(
                Optional.of(List.of()), read("{\"spec\":[],\"removed\":false}").spec());
    }

    @Test
    void takesAwayOnlyWhereItSaysSo() {
        assertEquals(Envelope.REMOVED, read("{\"removed\":true}"));
        assertEquals(Envelope.REMOVED, read("{\"removed\":true,\"spec\":null}"));
        refuses("{}", "spec");
        refuses("{\"spec\":null}", "spec");
        refuses("{\"removed\":false}", "spec");
        refuses("{\"removed\":true,\"spec\":1}", "removed and spec");
        refuses("{\"removed\":\"true\"}", "removed");
    }

    @Test
    void readsItsRollout() {
        assertEquals(
                new Rollout(20, "r42"),
                read("{\"spec\":1,\"rollout\":{\"percent\":20,\"salt\":\"r42\"}}")
                        .rollout());
        assertEquals(
                new Rollout(0, ""),
                read("{\"spec\":1,\"rollout\":{\"percent\":0}}").rollout());
        refuses("{\"spec\":1,\"rollout\":{}}", "rollout.percent");
        refuses("{\"spec\":1,\"rollout\":{\"percent\":101}}", "rollout.percent");
        refuses("{\"spec\":1,\"rollout\":{\"percent\":-1}}", "rollout.percent");
        refuses("{\"spec\":1,\"rollout\":{\"percent\":0.5}}", "rollout.percent");
        refuses("{\"spec\":1,\"rollout\":{\"percent\":5,\"salt\":7}}", "rollout.salt");
        refuses("{\"spec\":1,\"rollout\":20}", "rollout");
    }

    @Test
    void isReadAsItWasWritten() {
        for (Envelope envelope : List.of(
                Envelope.REMOVED,
                new Envelope(Optional.of(Map.of("a", List.of(1L))), Rollout.ALL),
                new Envelope(Optional.of("x"), new Rollout(7, "s")),
                new Envelope(Optional.empty(), new Rollout(7, "s")))) {
            assertEquals(envelope, Envelope.read(envelope.write()));
        }
    }

    /** Worked out here a second time, as the protocol's text has it. */
    @Test
    void deviceTakesPartByTheFirstFourBytesOfItsHash() {
        int included = 0;
        for (int i = 0; i < 1000; i++) {
            String device = "dwr/311/" + i;
            String hex = Sha256.of(("r42/" + device).getBytes(StandardCharsets.UTF_8))
                    .hex();
            int share = new BigInteger(hex.substring(0, 8), 16)
                    .mod(BigInteger.valueOf(100))
                    .intValueExact();
            assertEquals(share < 20, new Rollout(20, "r42").includes(device), device);
            included += share < 20 ? 1 : 0;
        }
        assertTrue(included > 150 && included < 250, "about a fifth: " + included);
    }

    @Test
    void widerRolloutKeepsWhoTookPart() {
        List<String> devices =
                IntStream.range(0, 500).mapToObj(i -> "dwr/311/" + i).toList();
        for (String device : devices) {
            boolean narrow = new Rollout(10, "s").includes(device);
            assertTrue(!narrow || new Rollout(11, "s").includes(device), device);
            assertTrue(new Rollout(100, "s").includes(device));
            assertFalse(new Rollout(0, "s").includes(device));
        }
        assertFalse(
                devices.stream()
                        .filter(new Rollout(10, "s")::includes)
                        .toList()
                        .equals(devices.stream()
                                .filter(new Rollout(10, "t")::includes)
                                .toList()),
                "another salt, other devices");
    }

    private static void refuses(String payload, String named) {
        String message =
                assertThrows(BadArgument.class, () -> read(payload), payload).getMessage();
        assertTrue(message.contains(named), message);
    }

    private static Envelope read(String payload) {
        return Envelope.read(payload.getBytes(StandardCharsets.UTF_8));
    }
}
