package io.gatehouse.outbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing.Parcel;
import io.gatehouse.api.message.UserProperties;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** The outbox is replaced by another while messages wait or are on their way. */
class ReplacementTest extends WithOutbox {
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
                new Message.Exchange(Optional.of("reply/y"), Optional.of(new byte[] {7})),
                Optional.of(Duration.ofSeconds(60)),
                UserProperties.none().and("offset", "1")));
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
        assertEquals(Optional.of("1"), reply.properties().first("offset"));
        assertEquals(Optional.of("3"), next(next).properties().first("seq"), "of the event");
        assertEquals(List.of(1L, 2L), List.of(n(next(next)), n(next(next))));
    }

    @Test
    void whatAnotherProcessLeftIsThrownAway(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("waiting");
        new Handover("1111111111111111", 7, 7, List.of()).write(file);
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.resume(file);
        outbox.event("e", Map.of());
        assertEquals(Optional.of("1"), next(outbox).properties().first("seq"));
        assertFalse(Files.exists(file));
    }

    @Test
    void brokenHandoverIsThrownAway(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("waiting"), new byte[] {0, 1, 2});
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.resume(file);
        outbox.event("e", Map.of());
        assertEquals(Optional.of("1"), next(outbox).properties().first("seq"));
        assertFalse(Files.exists(file));
    }

    @Test
    void nextOutboxSendsAgainInOrderWhatWasOnItsWay(@TempDir Path folder) throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        for (int n = 1; n <= 4; n++) {
            outbox.observation("hardware/load", NOW, Map.of("n", n), false);
        }
        Parcel lost = outbox.take();
        outbox.take().acknowledged();
        Parcel late = outbox.take();
        DeviceOutbox next = replaced(outbox, folder);
        late.acknowledged();
        lost.returned();
        next.observation("hardware/load", NOW, Map.of("n", 5), false);
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Message message = next(next);
            numbers.add(n(message) + " as " + message.properties().first("seq").orElseThrow());
        }
        assertEquals(List.of("1 as 1", "3 as 3", "4 as 4", "5 as 5"), numbers);
    }

    @Test
    void reportOnItsWayIsNotSentAgainAfterANewerOne(@TempDir Path folder) throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.report("feature", Map.of("n", 1));
        outbox.take();
        outbox.report("feature", Map.of("n", 2));
        outbox.take().acknowledged();
        outbox.event("last", Map.of());
        assertEquals("dwr/311/7/event/last", next(replaced(outbox, folder)).topic());
    }

    @Test
    void whatExpiredIsNotLeftToTheNext(@TempDir Path folder) throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        outbox.send(Message.json("reply/x", new byte[0]).expiring(Duration.ofSeconds(10)));
        outbox.take();
        outbox.event("last", Map.of());
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        assertEquals("dwr/311/7/event/last", next(replaced(outbox, folder)).topic());
    }

    @Test
    void oneLongPropertyDoesNotTakeAllWithIt(@TempDir Path folder) throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        String text = "x".repeat(70_000);
        outbox.send(Message.json("reply/x", new byte[0]).with("long", text));
        assertEquals(
                Optional.of(text), next(replaced(outbox, folder)).properties().first("long"));
    }

    @Test
    void whoComesAfterTheHandoverIsToldRatherThanLost(@TempDir Path folder) throws Exception {
        DeviceOutbox outbox = outbox(1 << 20);
        replaced(outbox, folder);
        String refusal = assertThrows(IllegalStateException.class, () -> outbox.event("late", Map.of()))
                .getMessage();
        assertEquals("this outbox was replaced: what is to go out is for the one after it", refusal);
        assertThrows(IllegalStateException.class, () -> outbox.report("late", Map.of()));
        assertThrows(IllegalStateException.class, () -> outbox.observation("a/late", NOW, Map.of(), false));
        assertThrows(IllegalStateException.class, () -> outbox.send(Message.json("reply/late", new byte[0])));
    }

    @ParameterizedTest
    @CsvSource({Bundle.ACTIVE + ", true", Bundle.STOPPING + ", false"})
    void componentLeavesWhatWaitsUnlessTheProcessEnds(int framework, boolean left, @TempDir Path folder)
            throws Exception {
        BundleContext context = context(framework, folder);
        DeviceOutbox outbox = new DeviceOutbox(new FakeDevice(Optional.empty()), settings(1 << 20), context);
        outbox.event("first", Map.of());
        outbox.deactivate(context);
        DeviceOutbox next = new DeviceOutbox(new FakeDevice(Optional.empty()), settings(1 << 20), context);
        next.event("second", Map.of());
        assertEquals(
                "dwr/311/7/event/" + (left ? "first" : "second"), next(next).topic());
    }

    private DeviceOutbox replaced(DeviceOutbox outbox, Path folder) {
        Path file = folder.resolve("waiting");
        outbox.handOver(file);
        DeviceOutbox next = outbox(1 << 20);
        next.resume(file);
        return next;
    }

    /** Of a bundle whose scratch folder is this one, in a framework in this state. */
    private static BundleContext context(int framework, Path folder) {
        Bundle system = fake(Bundle.class, call -> framework);
        return fake(
                BundleContext.class,
                call -> call.equals("getBundle")
                        ? system
                        : folder.resolve("waiting").toFile());
    }

    private static <T> T fake(Class<T> type, Function<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answers.apply(method.getName())));
    }
}
