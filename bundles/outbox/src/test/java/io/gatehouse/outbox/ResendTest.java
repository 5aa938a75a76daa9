package io.gatehouse.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing.Parcel;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a broker acknowledged and lost is asked for again. */
class ResendTest extends WithOutbox {
    @Test
    void whatWasAcknowledgedLeavesAgainAsItWas() throws Exception {
        DeviceOutbox outbox = outbox(LIMITS);
        outbox.observation("a/b", EARLIER, Map.of("n", 1), true);
        outbox.event("e", Map.of());
        outbox.observation("a/b", NOW, Map.of("n", 3), false);
        List<Message> first = emptied(outbox);
        assertEquals(Map.of("resent", 2L, "missing", 0L), resend(outbox, BOOT, 1, 2));

        List<Message> again = emptied(outbox);
        assertEquals(List.of("event/e", "a/b", "world/asia/b"), topics(again));
        for (int i = 0; i < 3; i++) {
            assertEquals(first.get(i).topic(), again.get(i).topic());
            assertEquals(first.get(i).properties(), again.get(i).properties());
            assertEquals(text(first.get(i)), text(again.get(i)));
        }
        assertEquals(Map.of("resent", 2L, "missing", 0L), resend(outbox, BOOT, 1, 2), "as often as needed");
    }

    @Test
    void whatWaitsOrIsOnItsWayIsHadAndNotDoubled() throws Exception {
        DeviceOutbox outbox = outbox(LIMITS);
        outbox.observation("a/b", NOW, Map.of("n", 1), true);
        outbox.observation("a/b", NOW, Map.of("n", 2), false);
        outbox.event("e", Map.of("n", 3));
        Parcel onItsWay = outbox.take();
        pass(Duration.ofSeconds(10));
        outbox.observation("a/b", NOW, Map.of("n", 4), false);
        assertEquals(Map.of("resent", 0L, "missing", 0L), resend(outbox, BOOT, 1, 4));
        onItsWay.returned();
        assertEquals(5, emptied(outbox).size());
    }

    @Test
    void whatIsGoneOrWasNeverIsSaidToBeSo() throws Exception {
        DeviceOutbox outbox = outbox(Limits.of(1 << 20, 10, 0, 3 * ONE));
        for (int i = 0; i < 10; i++) {
            outbox.observation("hardware/load", NOW, Map.of("n", i), false);
            outbox.take().acknowledged();
        }
        assertEquals(Map.of("resent", 3L, "missing", 7L), resend(outbox, BOOT, 1, 1000), "there are ten");
        assertEquals(Map.of("resent", 0L, "missing", 5L), resend(outbox, NEXT_BOOT, 1, 5));
    }

    @Test
    void whatAnotherProcessLeftIsHadAsLongAsItWaits() throws Exception {
        outbox(LIMITS).event("e", Map.of());
        DeviceOutbox next = restarted();
        assertEquals(Map.of("resent", 0L, "missing", 1L), resend(next, BOOT, 1, 2));
        next.take().acknowledged();
        assertEquals(Map.of("resent", 0L, "missing", 2L), resend(next, BOOT, 1, 2));
        next.event("own", Map.of());
        assertEquals(Optional.of("1"), seq(next(next)));
    }

    @ParameterizedTest
    @CsvSource({
        "XYZ, 1, 2, 'boot must be 16 hex digits, lower case, as in the user property boot: XYZ'",
        "00000000deadbeef, 0, 2, 'from must be from 1 to 9007199254740992: 0'",
        "00000000deadbeef, 5, 4, 'to must be from 5 to 100004: 4'",
        "00000000deadbeef, 1, 100001, 'to must be from 1 to 100000: 100001'",
    })
    void refusesArgumentsThatCannotBe(String boot, long from, long to, String message) {
        DeviceOutbox outbox = outbox(LIMITS);
        assertEquals(
                message,
                assertThrows(BadArgument.class, () -> resend(outbox, boot, from, to))
                        .getMessage());
    }

    private static Map<String, ?> resend(DeviceOutbox outbox, String boot, long from, long to) throws IOException {
        Members arguments = Members.of(Map.of("boot", boot, "from", from, "to", to));
        return ((Outcome.Done) new ResendCommand(outbox).handle(new Asked(arguments))).result();
    }

    private record Asked(Members arguments) implements Invocation {
        @Override
        public String id() {
            return "x";
        }

        @Override
        public void progress(double ratio, String note) {
            throw new AssertionError("nobody asked");
        }

        @Override
        public void data(byte[] bytes, Map<String, String> properties) {
            throw new AssertionError("it has no bytes to send");
        }
    }
}
