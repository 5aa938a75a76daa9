package io.gatehouse.cli;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.ArtifactRequest;
import io.gatehouse.protocol.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a device made, as far as its commands tell of it. */
final class MakingDevice {
    private final MemoryBroker broker;
    private final Map<Sha256, byte[]> made = new LinkedHashMap<>();
    private final List<Long> offsets = new CopyOnWriteArrayList<>();
    private volatile Line line = MemoryBroker::publish;

    /** What becomes of a chunk on its way. */
    @FunctionalInterface
    interface Line {
        void carry(MemoryBroker broker, Message chunk);
    }

    MakingDevice(MemoryBroker broker, FakeDevice device) {
        this.broker = broker;
        device.answering("artifact.list", message -> list())
                .answering("artifact.read", this::read)
                .answering("artifact.forget", this::forget);
    }

    Sha256 made(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        made.put(Sha256.of(bytes), bytes);
        return Sha256.of(bytes);
    }

    byte[] bytes(Sha256 sha256) {
        return made.get(sha256).clone();
    }

    /** Has other bytes than it says. */
    void damage(Sha256 sha256) {
        made.get(sha256)[0] ^= 1;
    }

    boolean keeps(Sha256 sha256) {
        return made.containsKey(sha256);
    }

    void line(Line line) {
        this.line = line;
    }

    /** From where on it was asked to read, in order. */
    List<Long> offsets() {
        return offsets;
    }

    private Outcome list() {
        List<Map<String, Object>> artifacts = new ArrayList<>();
        made.forEach((sha256, bytes) -> artifacts.add(Map.of(
                "sha256",
                sha256.hex(),
                "size",
                bytes.length,
                "made",
                "2026-11-01T12:00:00.000Z",
                "until",
                "2026-11-01T13:00:00.000Z")));
        return Outcome.done(Map.of("artifacts", artifacts, "bytes", 0, "limit", 1));
    }

    private Outcome read(Message message) {
        ArtifactRequest request = ArtifactRequest.read(message.payload());
        offsets.add(request.offset());
        byte[] bytes = made.get(request.sha256());
        if (bytes == null) {
            return Outcome.refused("unknown-artifact", request.sha256() + " is not here");
        }
        long end = Math.min(bytes.length, request.offset() + request.length());
        for (long at = request.offset(); at < end; at += request.chunk()) {
            byte[] chunk = Arrays.copyOfRange(bytes, (int) at, (int) Math.min(end, at + request.chunk()));
            line.carry(broker, chunk(message, at, bytes.length, chunk));
        }
        return Outcome.done(Map.of("offset", request.offset()));
    }

    static Message chunk(Message command, long offset, long size, byte[] bytes) {
        return Message.bytes(command.responseTopic().orElseThrow(), bytes)
                .answering(command.correlation().orElseThrow())
                .with("offset", String.valueOf(offset))
                .with("size", String.valueOf(size));
    }

    private Outcome forget(Message message) {
        Members arguments = Json.read(message.payload());
        Iterator<Sha256> each = made.keySet().iterator();
        while (each.hasNext()) {
            if (each.next().hex().equals(arguments.string("sha256"))) {
                each.remove();
                return Outcome.done(Map.of());
            }
        }
        return Outcome.refused("unknown-artifact", "it is not here");
    }
}
