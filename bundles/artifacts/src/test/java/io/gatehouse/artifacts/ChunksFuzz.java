package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.artifact.Sha256;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

/** Chunks that answer nothing, or something else, or everything at once: what is taken is in order, once, and within the artifact. */
public final class ChunksFuzz {
    private static final int SIZE = 4096;
    private static final int HEAD = 11;

    private ChunksFuzz() {}

    /** Each 11 bytes a chunk: the request's number, offset, size, how many bytes it has. */
    public static void fuzzerTestOneInput(byte[] data) throws InterruptedException {
        Pace pace = new Pace(1024, 128, Duration.ofMillis(1), Duration.ofMillis(1), new Random(1), time -> {});
        Artifact artifact = new Artifact(Sha256.of(new byte[SIZE]), SIZE, Optional.empty());
        Exchange exchange = new Exchange(artifact, new Exchange.Reach(0, artifact.size()), pace, new byte[1024]);
        long taken = 0;
        try {
            for (int at = 0; at + HEAD <= data.length; at += HEAD) {
                Exchange.Request ignored = exchange.ask();
                ByteBuffer head = ByteBuffer.wrap(data, at, HEAD);
                int request = head.get();
                long offset = head.getInt();
                long size = data[at] % 2 == 0 ? SIZE : head.getInt();
                byte[] payload = new byte[Byte.toUnsignedInt(data[at + HEAD - 1]) * 2];
                Arrays.fill(payload, (byte) 1);
                exchange.offer(request, offset, size, payload);
                Exchange.Span span = exchange.take(Duration.ZERO);
                if (span != null) {
                    taken += span.count();
                    exchange.written(span.count());
                }
            }
        } catch (ArtifactUnavailable e) {
            String ignored = e.getMessage();
        }
        if (taken > SIZE) {
            throw new AssertionError("took " + taken + " bytes of an artifact of " + SIZE);
        }
    }
}
