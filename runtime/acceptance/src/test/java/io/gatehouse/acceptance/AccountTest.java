package io.gatehouse.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who holds a gateway to its numbers must not miss one. */
class AccountTest {
    private static final String DEVICE = "dwr/311-a1/x";

    @Test
    void missesNothingWhereEachNumberCameOnceOrTwice() {
        Account account = of(rain("a", 1), rain("a", 3), rain("a", 2), rain("a", 2), rain("b", 1));
        assertEquals(4, account.messages());
        assertTrue(account.isWhole());
    }

    @Test
    void missesWhatIsLessThanTheLastOfItsBoot() {
        Account account = of(rain("a", 1), rain("b", 2), rain("b", 5));
        assertEquals(3, account.missing());
        assertFalse(account.isWhole());
    }

    @Test
    void countsWhatTheDeviceSaidThatItDropped() {
        Operator.Heard said =
                heard("event/outbox", "a", 4, "{\"dropped\":2,\"observations\":2,\"events\":0,\"replies\":0}");
        assertTrue(of(rain("a", 1), said).isWhole());
        assertFalse(of(rain("a", 1), rain("a", 6), said, said).isWhole());
    }

    @Test
    void forgivesNoEventOrReplyThatWasDropped() {
        assertFalse(of(heard("event/outbox", "a", 1, "{\"dropped\":1,\"observations\":0,\"events\":1,\"replies\":0}"))
                .isWhole());
    }

    @Test
    void leavesOthersOut() {
        Operator.Heard other = new Operator.Heard(
                "dwr/311-a1/xy/example/rain", new byte[0], Map.of("boot", "a", "seq", "9"), new byte[0], false);
        assertEquals(0, of(other).messages());
    }

    private static Account of(Operator.Heard... heard) {
        return new Account(DEVICE, List.of(heard));
    }

    private static Operator.Heard rain(String boot, long seq) {
        return heard("example/rain", boot, seq, "{}");
    }

    private static Operator.Heard heard(String topic, String boot, long seq, String body) {
        return new Operator.Heard(
                DEVICE + "/" + topic,
                body.getBytes(StandardCharsets.UTF_8),
                Map.of("boot", boot, "seq", Long.toString(seq)),
                new byte[0],
                false);
    }
}
