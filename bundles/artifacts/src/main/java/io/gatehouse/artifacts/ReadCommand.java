package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Command;
import io.gatehouse.api.command.CommandHandler;
import io.gatehouse.api.command.Invocation;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.protocol.ArtifactRequest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code artifact.read {"sha256":…,"offset":…?,"length":…?,"chunk":…?}}: sends a range of what this device made, in chunks. It ends where the
 * artifact does; from there on it is empty.
 */
@Component
@Command("artifact.read")
public final class ReadCommand implements CommandHandler {
    /** More is asked for by another command, so that memory is bounded and a broken link costs little. */
    static final int LONGEST = 256 << 10;

    /** Smaller ones are more messages than bytes. */
    static final int SMALLEST_CHUNK = 1024;

    private final MadeArtifacts made;

    @Activate
    public ReadCommand(@Reference MadeArtifacts made) {
        this.made = made;
    }

    @Override
    public Outcome handle(Invocation invocation) throws IOException, InterruptedException {
        Members arguments = invocation.arguments();
        Sha256 sha256 = Named.in(arguments);
        long offset = arguments.integer("offset", 0, 0, Long.MAX_VALUE);
        long length = arguments.integer("length", LONGEST, 1, LONGEST);
        int chunk = (int) arguments.integer(
                "chunk", ArtifactRequest.LARGEST_CHUNK, SMALLEST_CHUNK, ArtifactRequest.LARGEST_CHUNK);
        Optional<RandomAccessFile> found = made.open(sha256);
        if (found.isEmpty()) {
            return Named.unknown(sha256);
        }
        try (RandomAccessFile file = found.get()) {
            long size = file.length();
            if (offset > size) {
                return Outcome.refused("out-of-range", sha256 + " has " + size + " bytes and none at " + offset);
            }
            long end = offset + Math.min(length, size - offset);
            file.seek(offset);
            for (long at = offset; at < end; at += chunk) {
                send(invocation, file, at, (int) Math.min(chunk, end - at));
            }
            return Outcome.done(result(sha256, offset, end - offset, size));
        }
    }

    private static void send(Invocation invocation, RandomAccessFile file, long offset, int length)
            throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("no longer wanted at byte " + offset);
        }
        byte[] bytes = new byte[length];
        file.readFully(bytes);
        invocation.data(
                bytes,
                Map.of(
                        ArtifactRequest.OFFSET, String.valueOf(offset),
                        ArtifactRequest.SIZE, String.valueOf(file.length())));
    }

    private static Map<String, Object> result(Sha256 sha256, long offset, long length, long size) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("sha256", sha256.hex());
        result.put("offset", offset);
        result.put("length", length);
        result.put("size", size);
        return result;
    }
}
