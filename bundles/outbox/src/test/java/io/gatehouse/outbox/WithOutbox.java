package io.gatehouse.outbox;

import io.gatehouse.api.device.Device;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;

/** An outbox of a device on the bench, whose time goes on only when a test says so. */
@Timeout(20)
abstract class WithOutbox {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00.250Z");
    static final Instant EARLIER = Instant.parse("2026-03-01T11:59:58Z");
    static final String BOOT = "00000000deadbeef";
    /** So much does an observation of this test take. */
    static final long ONE = new Letter(
                    0,
                    0,
                    Rank.OBSERVATION,
                    Message.json(
                            "dwr/311/7/hardware/load",
                            "{\"at\":\"2026-03-01T12:00:00.250Z\",\"n\":0}".getBytes(StandardCharsets.UTF_8)),
                    OptionalLong.empty())
            .bytes();

    final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

    final DeviceOutbox outbox(long bytes) {
        Device device = new FakeDevice(Optional.of("world/asia"));
        return new DeviceOutbox(device, bytes, Clock.fixed(NOW, ZoneOffset.UTC), nanos::get);
    }

    static DeviceOutbox.Settings settings(long bytes) {
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

    static Message next(DeviceOutbox outbox) throws InterruptedException {
        return outbox.take().message();
    }

    static long n(Message message) {
        return Json.read(message.payload()).integer("n", 0, 1000);
    }

    static String text(Message message) {
        return new String(message.payload(), StandardCharsets.UTF_8);
    }

    record FakeDevice(Optional<String> place) implements Device {
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
