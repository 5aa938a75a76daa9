package io.gatehouse.protocol.stream;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** Frames of nobody, which change nothing; and whatever the other side may seal, which never takes more than there is room for. */
public final class StreamFuzz {
    private static final int MOST_FRAMES = 256;

    private StreamFuzz() {}

    /** The bytes as a frame, as what is sealed in one, and as records in pieces of many sizes. */
    public static void fuzzerTestOneInput(byte[] data) {
        SealedStream stream = device();
        Traffic before = stream.traffic();
        stream.receive(data);
        if (!stream.traffic().equals(new Traffic(before.sent(), before.received(), before.dropped() + 1))) {
            throw new AssertionError("a frame of nobody was taken");
        }
        Sealing peer = Network.sealing(Side.OPERATOR);
        stream.receive(peer.seal(Arrays.copyOf(data, Math.min(data.length, Segment.MOST_BYTES + 1))));
        hold(stream);
        records(data);
    }

    private static void records(byte[] data) {
        SealedStream stream = device();
        Sealing peer = Network.sealing(Side.OPERATOR);
        int at = 0;
        for (int i = 0; i < MOST_FRAMES && at < data.length; i++) {
            int length = Math.min(data.length - at, 1 + i * i);
            byte[] piece = Arrays.copyOfRange(data, at, at + Math.min(length, Segment.MOST_DATA));
            stream.receive(peer.seal(new Segment(i % 3 == 0, i % 5 == 0, 0, i, at, piece).write()));
            at += piece.length;
            hold(stream);
        }
        stream.tick();
    }

    private static void hold(SealedStream stream) {
        long taken = 0;
        Optional<Arrival> arrival = stream.poll();
        while (arrival.isPresent() && !(arrival.get() instanceof Arrival.Ended)) {
            taken += arrival.get() instanceof Arrival.Data some ? some.bytes().length : 0;
            arrival = stream.poll();
        }
        if (taken > Side.DEVICE.window()) {
            throw new AssertionError(taken + " bytes were held");
        }
    }

    private static SealedStream device() {
        return new SealedStream(Network.sealing(Side.DEVICE), Duration.ofMinutes(2), () -> 0, frame -> {});
    }
}
