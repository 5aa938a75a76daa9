package io.gatehouse.acceptance;

import io.gatehouse.acceptance.Operator.Heard;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.protocol.ArtifactRequest;
import io.gatehouse.protocol.Reply;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;

/** What a device made, as it sends that to whoever asks by {@code artifact.read}. */
final class DeviceArtifact {
    private static final Duration LIFE = Duration.ofSeconds(60);

    private DeviceArtifact() {}

    /** All of it, where it has 256 KiB at most. */
    static byte[] read(Operator operator, String device, String sha256) {
        String reply = operator.ask(device, "artifact.read", Map.of("sha256", sha256), LIFE);
        Heard end = operator.await(
                "the end of " + sha256, message -> message.topic().equals(reply) && !isChunk(message));
        if (!(Reply.read(end.payload()) instanceof Reply.End ended && ended.outcome() instanceof Outcome.Done)) {
            throw new AssertionError(
                    device + " does not send " + sha256 + ": " + end.body().values());
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        operator.all(message -> message.topic().equals(reply) && isChunk(message)).stream()
                .sorted(Comparator.comparingLong(DeviceArtifact::offset))
                .forEach(chunk -> bytes.writeBytes(chunk.payload()));
        return bytes.toByteArray();
    }

    private static boolean isChunk(Heard message) {
        return message.properties().containsKey(ArtifactRequest.OFFSET);
    }

    private static long offset(Heard chunk) {
        return Long.parseLong(chunk.properties().getOrDefault(ArtifactRequest.OFFSET, ""));
    }
}
