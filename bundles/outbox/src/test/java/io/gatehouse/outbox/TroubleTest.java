package io.gatehouse.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.message.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Flash is full, or cannot be written. */
class TroubleTest extends WithOutbox {
    @Test
    void goesOnInMemoryAndSaysSoOnceAndWritesItWhenThatWorksAgain() throws Exception {
        DeviceOutbox outbox = outbox(LIMITS);
        outbox.event("before", Map.of());
        fault = "No space left on device";
        for (int i = 0; i < 20; i++) {
            outbox.event("during", Map.of("n", i));
            outbox.observation("a/b", NOW, Map.of("n", i), false);
            pass(Duration.ofSeconds(10));
        }
        fault = null;
        pass(Duration.ofSeconds(10));
        outbox.event("after", Map.of());

        List<Message> all = emptied(killed());
        List<Message> told =
                all.stream().filter(m -> m.topic().endsWith("/storage")).toList();
        assertEquals(1, told.size());
        assertTrue(
                text(told.get(0)).contains("\"type\":\"outbox-in-memory\",\"detail\":\"No space left on device\""),
                text(told.get(0)));
        assertEquals(20, all.stream().filter(m -> m.topic().endsWith("/during")).count());
        assertEquals(20, all.stream().filter(m -> m.topic().endsWith("/a/b")).count());
        assertEquals("event/after", topics(all).get(22));
        assertEquals("event/before", topics(all).get(0));
    }

    @Test
    void whatIsInMemoryStaysWithinItsBoundWhenNothingCanBeWritten() throws Exception {
        DeviceOutbox outbox = outbox(8_000_000);
        fault = "Input/output error";
        outbox.send(Message.json("reply/x", new byte[0]));
        for (int i = 0; i < 10_000; i++) {
            outbox.observation("a/b", NOW, Map.of("n", i, "text", "x".repeat(1000)), false);
            if (i % 1000 == 0) {
                pass(Duration.ofSeconds(10));
            }
        }
        List<Message> all = emptied(outbox);
        assertEquals("reply/x", all.get(0).topic());
        long kept = all.stream().filter(m -> m.topic().endsWith("/a/b")).count();
        assertTrue(kept > 1000 && kept < 3500, kept + " kept");
        List<Long> numbers = all.stream()
                .filter(m -> m.topic().endsWith("/a/b"))
                .map(WithOutbox::n)
                .toList();
        assertEquals(numbers.stream().sorted().toList(), numbers);
        assertEquals(9999, numbers.get(numbers.size() - 1));
    }

    @Test
    void smallerShareThanTheBoundDropsTheOldestToo() throws Exception {
        share = 300_000;
        DeviceOutbox outbox = outbox(8_000_000);
        for (int i = 0; i < 1000; i++) {
            outbox.observation("a/b", NOW, Map.of("n", i, "text", "x".repeat(1000)), false);
            if (i % 100 == 99) {
                pass(Duration.ofSeconds(10));
            }
        }
        outbox.event("e", Map.of());
        List<Message> all = emptied(outbox);
        assertEquals(1, all.stream().filter(m -> m.topic().endsWith("/event/e")).count());
        List<Long> numbers = all.stream()
                .filter(m -> m.topic().endsWith("/a/b"))
                .map(WithOutbox::n)
                .toList();
        assertTrue(numbers.size() > 200 && numbers.size() < 300, numbers.size() + " kept");
        List<Long> newest = new ArrayList<>();
        for (long n = 1000 - numbers.size(); n < 1000; n++) {
            newest.add(n);
        }
        assertEquals(newest, numbers);
    }

    @Test
    void moreThanMemoryIsToHoldGoesToFlashBeforeItsTime() throws Exception {
        share = 9_000_000;
        DeviceOutbox outbox = outbox(8_000_000);
        for (int i = 0; i < 4000; i++) {
            outbox.observation("a/b", NOW, Map.of("n", i, "text", "x".repeat(1000)), false);
        }
        assertTrue(written() > 1_500_000, written() + " bytes written");
        List<Message> all = emptied(outbox);
        for (int i = 0; i < 4000; i++) {
            assertEquals(i, n(all.get(i)));
        }
    }

    @Test
    void anHourWithAnOutageWritesLittleMoreThanWhatWaited() throws Exception {
        DeviceOutbox outbox = outbox(8_000_000);
        long outage = 20 * 60;
        for (int second = 0; second < 3600; second++) {
            outbox.observation("hardware/loadavg", NOW, Map.of("one", 0.52, "five", 0.61, "fifteen", 0.48), false);
            outbox.observation("hardware/memory", NOW, Map.of("n", second, "used", 123_456_789), false);
            pass(Duration.ofSeconds(1));
            if (second < 600 || second > 600 + outage) {
                emptied(outbox);
            }
        }
        long each = written() / (2 * outage);
        assertTrue(each > 100 && each < 250, each + " bytes for each observation of the outage");
    }
}
