package io.gatehouse.protocol.stream;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;

/** Two ends of a stream, what is between them, and time, which only passes when a test says so. */
final class Network {
    /**
     * What becomes of frames.
     *
     * @param loss how likely one is lost
     * @param twice how likely one comes twice
     * @param jitter what is added to the delay at the most: where this is more than the time between frames, they overtake
     */
    record Weather(double loss, double twice, Duration delay, Duration jitter) {
        static final Weather FAIR = new Weather(0, 0, Duration.ofMillis(50), Duration.ZERO);
    }

    private record Event(long at, long number, Runnable action) {}

    private static final byte[] TO_DEVICE = "a key of 32 bytes for one way...".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FROM_DEVICE = "and another of these for another".getBytes(StandardCharsets.US_ASCII);

    final SealedStream operator;
    final SealedStream device;
    final Overheard fromOperator = new Overheard(sealing(Side.DEVICE), Side.DEVICE);
    final Overheard fromDevice = new Overheard(sealing(Side.OPERATOR), Side.OPERATOR);
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private final Random random;
    private Weather weather;
    private boolean broken;
    private long now = 42;
    private long number;

    Network(long seed, Weather weather, Duration silence) {
        this.random = new Random(seed);
        this.weather = weather;
        this.operator = new SealedStream(sealing(Side.OPERATOR), silence, () -> now, this::toDevice);
        this.device = new SealedStream(sealing(Side.DEVICE), silence, () -> now, this::toOperator);
    }

    static Sealing sealing(Side side) {
        return side == Side.OPERATOR
                ? new Sealing(side, TO_DEVICE, FROM_DEVICE)
                : new Sealing(side, FROM_DEVICE, TO_DEVICE);
    }

    long now() {
        return now;
    }

    void weather(Weather other) {
        weather = other;
    }

    /** Whether nothing arrives at all. */
    void broken(boolean is) {
        broken = is;
    }

    void after(Duration delay, Runnable action) {
        events.add(new Event(now + delay.toNanos(), number++, action));
    }

    void pass(Duration time) {
        long end = now + time.toNanos();
        while (step(end)) {}
        now = end;
    }

    /** Time passes up to the next event or tick; says whether there is one until then. */
    boolean step(long end) {
        long tick = Math.min(tick(operator), tick(device));
        Event event = events.peek();
        long next = Math.min(tick, event == null ? Long.MAX_VALUE : event.at());
        if (next > end) {
            return false;
        }
        now = next;
        if (event != null && event.at() == next) {
            events.remove();
            event.action().run();
        } else {
            operator.tick();
            device.tick();
        }
        return true;
    }

    private long tick(SealedStream stream) {
        Optional<Duration> next = stream.nextTick();
        return next.isPresent() ? now + next.get().toNanos() : Long.MAX_VALUE;
    }

    private void toDevice(byte[] frame) {
        fromOperator.hear(frame, fromDevice);
        carry(frame, device);
    }

    private void toOperator(byte[] frame) {
        fromDevice.hear(frame, fromOperator);
        carry(frame, operator);
    }

    private void carry(byte[] frame, SealedStream to) {
        int copies = random.nextDouble() < weather.twice() ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            if (random.nextDouble() >= weather.loss()) {
                Duration delay = weather.delay().plusNanos((long)
                        (random.nextDouble() * weather.jitter().toNanos()));
                after(delay, () -> {
                    if (!broken) {
                        to.receive(frame);
                    }
                });
            }
        }
    }
}
