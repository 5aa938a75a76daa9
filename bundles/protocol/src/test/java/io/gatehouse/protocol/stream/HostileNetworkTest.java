package io.gatehouse.protocol.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames get lost, come twice, late and in another order, and nothing at all comes for a minute; both ends live on. */
final class HostileNetworkTest {
    private static final int SEEDS = 2_000;
    private static final Duration LONG_ENOUGH = Duration.ofHours(2);

    @Test
    void allArrivesOnceAndInOrderBothWays() {
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                new Session(seed).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("with seed " + seed, e);
            }
        }
    }

    /** A size, and how many bytes were before it. */
    private record Sized(long at, Arrival.Resized size) {}

    private static final class Session {
        private final Random random;
        private final Network network;
        private final Actor operator;
        private final Actor device;

        Session(long seed) {
            random = new Random(seed);
            Network.Weather weather = new Network.Weather(
                    random.nextInt(4) * 0.1,
                    random.nextInt(3) * 0.1,
                    Duration.ofMillis(random.nextInt(300)),
                    random.nextBoolean() ? Duration.ZERO : Duration.ofMillis(random.nextInt(100)));
            network = new Network(seed, weather, Duration.ofMinutes(30));
            int much = random.nextInt(20) == 0 ? 300_000 : 3_000;
            operator = new Actor(network, network.operator, random, random.nextInt(much));
            device = new Actor(network, network.device, random, random.nextInt(much));
            if (random.nextInt(3) == 0) {
                long begin = random.nextInt(3_000);
                network.after(Duration.ofMillis(begin), () -> network.broken(true));
                network.after(Duration.ofMillis(begin + random.nextInt(60_000)), () -> {
                    network.broken(false);
                    network.operator.connected();
                    network.device.connected();
                });
            }
        }

        void run() {
            network.operator.connected();
            operator.act();
            device.act();
            while (!(operator.isDone() && device.isDone())) {
                assertTrue(network.step(LONG_ENOUGH.toNanos()), "it takes longer than " + LONG_ENOUGH);
            }
            operator.assertRead(device);
            device.assertRead(operator);
            assertEquals(Optional.empty(), network.operator.nextTick());
            assertEquals(Optional.empty(), network.device.nextTick());
        }
    }

    /** Writes at random times some of what there is to write, and takes at other times some of what came. */
    private static final class Actor {
        private final Network network;
        private final SealedStream stream;
        private final Random random;
        private final byte[] toWrite;
        private final ByteArrayOutputStream read = new ByteArrayOutputStream();
        private final List<Sized> sizesWritten = new ArrayList<>();
        private final List<Sized> sizesRead = new ArrayList<>();
        private final int most;
        private int written;
        private Optional<Arrival> end = Optional.empty();

        Actor(Network network, SealedStream stream, Random random, int length) {
            this.network = network;
            this.stream = stream;
            this.random = random;
            toWrite = new byte[length];
            random.nextBytes(toWrite);
            most = 1 + length / 8;
        }

        void act() {
            if (random.nextInt(4) > 0) {
                write();
            }
            for (int i = random.nextInt(4); i > 0 && end.isEmpty(); i--) {
                stream.poll().ifPresent(this::take);
            }
            if (!isDone()) {
                network.after(Duration.ofMillis(random.nextInt(200)), this::act);
            }
        }

        private void write() {
            if (random.nextInt(8) == 0 && written < toWrite.length) {
                Arrival.Resized size = new Arrival.Resized(1 + random.nextInt(300), 1 + random.nextInt(100));
                stream.resize(size.columns(), size.rows());
                sizesWritten.add(new Sized(written, size));
            }
            written += stream.offer(toWrite, written, Math.min(toWrite.length - written, 1 + random.nextInt(most)));
            if (written == toWrite.length) {
                stream.end(toWrite.length, "all said");
            }
        }

        private void take(Arrival arrival) {
            if (arrival instanceof Arrival.Data data) {
                read.writeBytes(data.bytes());
            } else if (arrival instanceof Arrival.Resized size) {
                sizesRead.add(new Sized(read.size(), size));
            } else {
                end = Optional.of(arrival);
            }
        }

        boolean isDone() {
            return end.isPresent() && stream.isDelivered();
        }

        void assertRead(Actor other) {
            assertArrayEquals(other.toWrite, read.toByteArray());
            assertEquals(Optional.of(new Arrival.Ended(other.toWrite.length, "all said")), end);
            List<Sized> left = new ArrayList<>(other.sizesWritten);
            for (Sized size : sizesRead) {
                int at = left.indexOf(size);
                assertTrue(at >= 0, () -> size + " was not written, or came out of order");
                left = left.subList(at + 1, left.size());
            }
            assertTrue(left.isEmpty() || !sizesRead.isEmpty() || other.sizesWritten.isEmpty());
            if (!other.sizesWritten.isEmpty()) {
                assertEquals(last(other.sizesWritten), last(sizesRead), "the last size counts");
            }
        }

        private static Sized last(List<Sized> sizes) {
            return sizes.get(sizes.size() - 1);
        }
    }
}
