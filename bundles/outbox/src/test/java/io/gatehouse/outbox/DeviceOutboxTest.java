package io.gatehouse.outbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatehouse.api.device.Device;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing.Parcel;
import io.gatehouse.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class DeviceOutboxTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.250Z");
    private static final Instant EARLIER = Instant.parse("2026-03-01T11:59:58Z");
    private static final String BOOT = "00000000deadbeef";
    /** So much does an observation of this test take. */
    private static final long ONE = new Letter(
                    0,
                    0,
                    Rank.OBSERVATION,
                    Message.json(
                            "dwr/311/7/hardware/load",
                            "{\"at\":\"2026-03-01T12:00:00.250Z\",\"n\":0}".getBytes(StandardCharsets.UTF_8)),
                    OptionalLong.empty())
            .bytes();

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

    // --- topics, stamps, bodies

    @Test
    void publishesObservationBelowTheDeviceWithTheTimeAtWhichItWasRead() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.observation("hardware/load", EARLIER, Map.of("one", 0.5), false);
        Message message = next(outbox);
        assertEquals("dwr/311/7/hardware/load", message.topic());
        assertEquals("{\"at\":\"2026-03-01T11:59:58.000Z\",\"one\":0.5}", text(message));
        assertEquals(Map.of("device", "dwr/311/7", "boot", BOOT, "seq", "1"), message.properties());
        assertEquals(Message.JSON, message.contentType());
        assertFalse(message.retain());
    }

    @Test
    void publishesCopyAtThePlaceWithTheSameNumber() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.observation("hardware/temperature", NOW, Map.of("celsius", 21), true);
        Message own = next(outbox);
        Message copy = next(outbox);
        assertEquals("dwr/311/7/hardware/temperature", own.topic());
        assertEquals("world/asia/temperature", copy.topic());
        assertEquals(own.properties(), copy.properties());
        assertArrayEquals(own.payload(), copy.payload());
    }

    @Test
    void publishesNoCopyWhereTheDeviceHasNoPlace() throws InterruptedException {
        DeviceOutbox outbox = new DeviceOutbox(
                new FakeDevice(Optional.empty()), 1 << 20, Clock.fixed(NOW, ZoneOffset.UTC), nanos::get);
        outbox.observation("hardware/temperature", NOW, Map.of(), true);
        outbox.event("after", Map.of());
        assertEquals(
                List.of("dwr/311/7/event/after", "dwr/311/7/hardware/temperature"),
                List.of(next(outbox).topic(), next(outbox).topic()));
    }

    @Test
    void numbersObservationsAndEventsInOneSequenceAndNothingElse() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.observation("a/b", NOW, Map.of(), false);
        outbox.report("feature", Map.of());
        outbox.event("fault", Map.of());
        outbox.send(Message.json("reply/x", new byte[0]));
        outbox.observation("a/b", NOW, Map.of(), false);
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            numbers.add(next(outbox).properties().getOrDefault("seq", "none"));
        }
        assertEquals(List.of("none", "none", "2", "1", "3"), numbers);
    }

    @Test
    void retainsReports() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.report("feature", Map.of("state", "applied", "at", "never"));
        Message message = next(outbox);
        assertEquals("dwr/311/7/reported/feature", message.topic());
        assertTrue(message.retain());
        assertEquals("2026-03-01T12:00:00.250Z", Json.read(message.payload()).string("at"), "at is the outbox's own");
        assertEquals(Map.of("device", "dwr/311/7", "boot", BOOT), message.properties());
    }

    @Test
    void sendsMessagesWholeButForTheStamp() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        Message given = new Message(
                "reply/x",
                new byte[] {1, 2},
                Message.BYTES,
                false,
                Optional.of("reply/y"),
                Optional.of(new byte[] {7}),
                Optional.empty(),
                Map.of("offset", "12"));
        outbox.send(given);
        Message message = next(outbox);
        assertEquals(Map.of("offset", "12", "device", "dwr/311/7", "boot", BOOT), message.properties());
        assertEquals("reply/x", message.topic());
        assertArrayEquals(given.payload(), message.payload());
        assertEquals(Message.BYTES, message.contentType());
        assertEquals(Optional.of("reply/y"), message.responseTopic());
        assertArrayEquals(new byte[] {7}, message.correlation().orElseThrow());
    }

    @Test
    void refusesNamesThatMayNotBeOnesAndNamesThem() {
        DeviceOutbox outbox = outbox(1 << 20);
        for (String topic : List.of("load", "cmd/x", "a//b", "a/+", "/a", "a/b/", "status/x")) {
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> outbox.observation(topic, NOW, Map.of(), false),
                            topic)
                    .getMessage();
            assertTrue(message.contains("\"" + topic + "\""), message);
        }
        assertThrows(IllegalArgumentException.class, () -> outbox.event("a/b", Map.of()));
        assertThrows(IllegalArgumentException.class, () -> outbox.report("#", Map.of()));
    }

    @Test
    void refusedBodyUsesUpNoNumber() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        assertThrows(IllegalArgumentException.class, () -> outbox.event("e", Map.of("x", new Object())));
        outbox.event("e", Map.of());
        assertEquals("1", next(outbox).properties().get("seq"));
    }

    // --- order

    @Test
    void letsRepliesAndReportsGoBeforeEventsAndThoseBeforeObservations() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.observation("a/one", NOW, Map.of(), false);
        outbox.observation("a/two", NOW, Map.of(), false);
        outbox.event("three", Map.of());
        outbox.event("four", Map.of());
        outbox.send(Message.json("reply/five", new byte[0]));
        outbox.report("six", Map.of());
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            String topic = next(outbox).topic();
            order.add(topic.substring(topic.lastIndexOf('/') + 1));
        }
        assertEquals(List.of("five", "six", "three", "four", "one", "two"), order);
    }

    @Test
    void returnedParcelsTakeTheirOldPlace() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        for (int i = 0; i < 4; i++) {
            outbox.observation("hardware/load", NOW, Map.of("n", i), false);
        }
        Parcel first = outbox.take();
        Parcel second = outbox.take();
        Parcel third = outbox.take();
        third.returned();
        second.acknowledged();
        first.returned();
        assertEquals(List.of(0L, 2L, 3L), List.of(n(next(outbox)), n(next(outbox)), n(next(outbox))));
    }

    @Test
    void newerReportTakesThePlaceOfOneThatWaits() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.report("feature", Map.of("n", 1));
        outbox.report("firmware", Map.of("n", 2));
        outbox.report("feature", Map.of("n", 3));
        outbox.event("last", Map.of());
        Message first = next(outbox);
        assertEquals("dwr/311/7/reported/feature", first.topic());
        assertEquals(3, n(first));
        assertEquals(2, n(next(outbox)));
        assertEquals("dwr/311/7/event/last", next(outbox).topic());
    }

    @Test
    void returnedReportGivesWayToTheNewerOne() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.report("feature", Map.of("n", 1));
        Parcel older = outbox.take();
        outbox.report("feature", Map.of("n", 2));
        Parcel newer = outbox.take();
        newer.acknowledged();
        older.returned();
        outbox.report("feature", Map.of("n", 3));
        outbox.event("last", Map.of());
        assertEquals(3, n(next(outbox)));
        assertEquals("dwr/311/7/event/last", next(outbox).topic());
    }

    @Test
    void onlyTheFirstWordAboutAParcelCounts() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.observation("a/one", NOW, Map.of(), false);
        Parcel parcel = outbox.take();
        parcel.acknowledged();
        parcel.returned();
        outbox.observation("a/two", NOW, Map.of(), false);
        assertEquals("dwr/311/7/a/two", next(outbox).topic());
    }

    @Test
    void takeWaitsUntilSomethingComes() throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        CompletableFuture<Message> taken = new CompletableFuture<>();
        Thread taker = new Thread(() -> {
            try {
                taken.complete(outbox.take().message());
            } catch (InterruptedException e) {
                taken.completeExceptionally(e);
            }
        });
        taker.start();
        while (taker.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        outbox.event("now", Map.of());
        assertEquals("dwr/311/7/event/now", taken.get(5, TimeUnit.SECONDS).topic());
    }

    @Test
    void interruptedTakerLosesNothing() throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread taker = new Thread(() -> {
            try {
                outbox.take();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        taker.start();
        while (taker.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        taker.interrupt();
        assertTrue(interrupted.await(5, TimeUnit.SECONDS));
        outbox.event("now", Map.of());
        assertEquals("dwr/311/7/event/now", next(outbox).topic());
    }

    @Test
    void manyThreadsGetEveryNumberOnce() throws Exception {
        DeviceOutbox outbox = outbox(1 << 24);
        int threads = 4;
        int each = 500;
        for (int t = 0; t < threads; t++) {
            new Thread(() -> {
                        for (int i = 0; i < each; i++) {
                            outbox.observation("a/b", NOW, Map.of(), false);
                        }
                    })
                    .start();
        }
        Map<String, Boolean> seen = new ConcurrentHashMap<>();
        for (int i = 1; i <= threads * each; i++) {
            assertEquals(Integer.toString(i), next(outbox).properties().get("seq"), "numbers rise as they leave");
            seen.put(Integer.toString(i), true);
        }
        assertEquals(threads * each, seen.size());
    }

    // --- expiry

    @Test
    void forgetsWhatExpiredWhileItWaited() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.send(Message.json("reply/short", new byte[0]).expiring(Duration.ofSeconds(10)));
        outbox.send(Message.json("reply/long", new byte[0]).expiring(Duration.ofSeconds(60)));
        nanos.addAndGet(Duration.ofMillis(10_000).toNanos());
        Message message = next(outbox);
        assertEquals("reply/long", message.topic());
        assertEquals(Optional.of(Duration.ofSeconds(50)), message.expiry());
    }

    @Test
    void leavesExpiryOfCenturiesAsItIs() throws InterruptedException {
        DeviceOutbox outbox = outbox(1 << 20);
        Duration centuries = Duration.ofSeconds(Long.MAX_VALUE);
        outbox.send(Message.json("reply/x", new byte[0]).expiring(centuries));
        assertEquals(Optional.of(centuries), next(outbox).expiry());
    }

    // --- room

    @Test
    void dropsOldestObservationsFirst() throws InterruptedException {
        DeviceOutbox outbox = outbox(3 * ONE);
        for (int i = 0; i < 5; i++) {
            outbox.observation("hardware/load", NOW, Map.of("n", i), false);
        }
        Message first = next(outbox);
        assertEquals(2, n(first));
        assertEquals("3", first.properties().get("seq"), "the gap shows what was dropped");
    }

    @Test
    void dropsEventsOnlyWhenNoObservationIsLeftAndRepliesLast() throws InterruptedException {
        DeviceOutbox outbox = outbox(3 * ONE);
        outbox.event("a", Map.of());
        outbox.observation("hardware/load", NOW, Map.of("n", 0), false);
        outbox.send(Message.json("reply/a", new byte[0]));
        outbox.send(Message.json("reply/b", new byte[0]));
        outbox.send(Message.json("reply/c", new byte[0]));
        List<String> order =
                List.of(next(outbox).topic(), next(outbox).topic(), next(outbox).topic());
        assertEquals(List.of("reply/a", "reply/b", "reply/c"), order);
    }

    @Test
    void dropsNewObservationRatherThanWaitingEvents() throws InterruptedException {
        DeviceOutbox outbox = outbox(2 * ONE);
        outbox.event("a", Map.of());
        outbox.event("b", Map.of());
        outbox.observation("hardware/load", NOW, Map.of("n", 0), false);
        assertEquals("dwr/311/7/event/a", next(outbox).topic());
        assertEquals("dwr/311/7/event/b", next(outbox).topic());
    }

    @Test
    void neverDropsWhatATransportTook() throws InterruptedException {
        DeviceOutbox outbox = outbox(2 * ONE);
        outbox.observation("hardware/load", NOW, Map.of("n", 0), false);
        outbox.observation("hardware/load", NOW, Map.of("n", 1), false);
        Parcel first = outbox.take();
        Parcel second = outbox.take();
        outbox.observation("hardware/load", NOW, Map.of("n", 2), false);
        first.returned();
        second.returned();
        assertEquals(List.of(0L, 1L), List.of(n(next(outbox)), n(next(outbox))));
    }

    @Test
    void messageLargerThanTheWholeOutboxDropsNothingElse() throws InterruptedException {
        DeviceOutbox outbox = outbox(2 * ONE);
        outbox.observation("hardware/load", NOW, Map.of("n", 0), false);
        outbox.send(Message.json("reply/huge", new byte[(int) (2 * ONE)]));
        assertEquals(0, n(next(outbox)));
    }

    @Test
    void tellsWhatWasDroppedOnceThereIsRoom() throws InterruptedException {
        DeviceOutbox outbox = outbox(10 * ONE);
        for (int i = 0; i < 14; i++) {
            outbox.observation("hardware/load", NOW, Map.of("n", 0), false);
        }
        for (int i = 0; i < 3; i++) {
            outbox.take().acknowledged();
        }
        Message told = next(outbox);
        assertEquals("dwr/311/7/event/outbox", told.topic());
        assertEquals(
                "{\"at\":\"2026-03-01T12:00:00.250Z\",\"dropped\":4,\"observations\":4,\"events\":0,\"replies\":0}",
                text(told));
        assertEquals("15", told.properties().get("seq"));
    }

    @Test
    void tellsLossesAtMostEveryTenSecondsAndLosesNoCount() throws InterruptedException {
        DeviceOutbox outbox = outbox(10 * ONE);
        fill(outbox);
        assertEquals(1, dropped(emptied(outbox)));
        fill(outbox);
        assertEquals(0, dropped(emptied(outbox)), "too early");
        fill(outbox);
        assertEquals(0, dropped(emptied(outbox)), "still too early");
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        outbox.event("later", Map.of());
        assertEquals(2, dropped(emptied(outbox)));
    }

    @Test
    void smallerBoundHoldsAtOnce() throws InterruptedException {
        DeviceOutbox outbox = outbox(10 * ONE);
        for (int i = 0; i < 6; i++) {
            outbox.observation("hardware/load", NOW, Map.of("n", i), false);
        }
        outbox.modified(settings(2 * ONE));
        assertEquals(4, n(next(outbox)));
    }

    @Test
    void refusesBoundOfNothing() {
        DeviceOutbox outbox = outbox(ONE);
        String message = assertThrows(IllegalArgumentException.class, () -> outbox.modified(settings(0)))
                .getMessage();
        assertTrue(message.contains("bytes must be 1 or more"), message);
    }

    // --- replaced while messages wait

    @Test
    void nextOutboxOfTheSameProcessGoesOnWithMessagesAndNumbers(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("waiting");
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.observation("hardware/load", EARLIER, Map.of("n", 1), false);
        outbox.observation("hardware/load", NOW, Map.of("n", 2), false);
        outbox.report("feature", Map.of("n", 3));
        outbox.send(new Message(
                "reply/x",
                new byte[] {9},
                Message.BYTES,
                false,
                Optional.of("reply/y"),
                Optional.of(new byte[] {7}),
                Optional.of(Duration.ofSeconds(60)),
                Map.of("offset", "1")));
        outbox.take().returned();
        outbox.handOver(file);

        DeviceOutbox next = outbox(1 << 20);
        next.resume(file);
        assertFalse(Files.exists(file));
        next.report("feature", Map.of("n", 4));
        next.event("e", Map.of());
        assertEquals(4, n(next(next)), "a report that was left gives way to a newer one");
        Message reply = next(next);
        assertEquals("reply/x", reply.topic());
        assertEquals(Optional.of(Duration.ofSeconds(60)), reply.expiry());
        assertEquals(Optional.of("reply/y"), reply.responseTopic());
        assertArrayEquals(new byte[] {7}, reply.correlation().orElseThrow());
        assertEquals("1", reply.properties().get("offset"));
        assertEquals("3", next(next).properties().get("seq"), "of the event");
        assertEquals(List.of(1L, 2L), List.of(n(next(next)), n(next(next))));
    }

    @Test
    void whatAnotherProcessLeftIsThrownAway(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("waiting");
        new Handover("1111111111111111", 7, 7, List.of()).write(file);
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.resume(file);
        outbox.event("e", Map.of());
        assertEquals("1", next(outbox).properties().get("seq"));
        assertFalse(Files.exists(file));
    }

    @Test
    void brokenHandoverIsThrownAway(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("waiting"), new byte[] {0, 1, 2});
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.resume(file);
        outbox.event("e", Map.of());
        assertEquals("1", next(outbox).properties().get("seq"));
        assertFalse(Files.exists(file));
    }

    /** To the last byte of ten observations; the next loses one. */
    private static void fill(DeviceOutbox outbox) {
        for (int i = 0; i < 10; i++) {
            outbox.observation("hardware/load", NOW, Map.of("n", 0), false);
        }
    }

    /** All that waits, acknowledged one by one. */
    private List<Message> emptied(DeviceOutbox outbox) throws InterruptedException {
        outbox.observation("a/end", NOW, Map.of(), false);
        List<Message> all = new ArrayList<>();
        while (true) {
            Parcel parcel = outbox.take();
            parcel.acknowledged();
            if (parcel.message().topic().endsWith("/a/end")) {
                return all;
            }
            all.add(parcel.message());
        }
    }

    private static long dropped(List<Message> messages) {
        return messages.stream()
                .filter(message -> message.topic().endsWith("/event/outbox"))
                .mapToLong(message -> Json.read(message.payload()).integer("dropped", 0, 1000))
                .sum();
    }

    private static DeviceOutbox.Settings settings(long bytes) {
        return new DeviceOutbox.Settings() {
            @Override
            public long bytes() {
                return bytes;
            }

            @Override
            public Class<DeviceOutbox.Settings> annotationType() {
                return DeviceOutbox.Settings.class;
            }
        };
    }

    private DeviceOutbox outbox(long bytes) {
        Device device = new FakeDevice(Optional.of("world/asia"));
        return new DeviceOutbox(device, bytes, Clock.fixed(NOW, ZoneOffset.UTC), nanos::get);
    }

    private static Message next(DeviceOutbox outbox) throws InterruptedException {
        return outbox.take().message();
    }

    private static long n(Message message) {
        return Json.read(message.payload()).integer("n", 0, 1000);
    }

    private static String text(Message message) {
        return new String(message.payload(), StandardCharsets.UTF_8);
    }

    private record FakeDevice(Optional<String> place) implements Device {
        @Override
        public String name() {
            return "dwr/311/7";
        }

        @Override
        public String boot() {
            return BOOT;
        }

        @Override
        public List<String> scopes() {
            return List.of("dwr", "dwr/311", "dwr/311/7");
        }
    }
}
