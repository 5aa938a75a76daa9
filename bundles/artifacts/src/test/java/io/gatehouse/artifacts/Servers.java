package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.api.message.Receiver;
import io.gatehouse.protocol.ArtifactRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The far side of an outbox: artifact servers that answer what is sent, on a thread of their own. */
final class Servers implements Outbox, AutoCloseable {
    static final String DEVICE = "dwr/311-a1/test";
    static final int CHUNK = 1000;
    static final int WINDOW = 16_000;

    private final Map<Sha256, byte[]> artifacts = new HashMap<>();
    private final List<ArtifactRequest> requests = new CopyOnWriteArrayList<>();
    private final ExecutorService network = Executors.newSingleThreadExecutor();
    private volatile Receiver device = message -> {};
    private volatile Wire wire = Receiver::receive;

    /** What happens to a chunk on its way. */
    @FunctionalInterface
    interface Wire {
        void carry(Receiver device, Message chunk);
    }

    /** A store that fetches from here. */
    ArtifactStore open(Path folder, Duration patience, Duration stall) throws IOException {
        Shelf shelf = new Shelf(folder, 0, 0, at -> Long.MAX_VALUE / 2);
        ArtifactStore store = new ArtifactStore(shelf, nothingMade(folder), pace(patience, stall), DEVICE, this);
        answer(store);
        return store;
    }

    /** A device that makes nothing. */
    static MadeArtifacts nothingMade(Path folder) {
        return new MadeArtifacts(
                new MadeFolder(folder.resolve("made"), 0, at -> 0),
                0,
                new Kept.Time(Clock.systemUTC(), System::nanoTime));
    }

    static Pace pace(Duration patience, Duration stall) {
        return new Pace(WINDOW, CHUNK, stall, patience, new Random(7), time -> {});
    }

    void answer(Receiver device) {
        this.device = device;
    }

    void wire(Wire wire) {
        this.wire = wire;
    }

    /** Serves random bytes. */
    Artifact serve(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return serve(bytes);
    }

    Artifact serve(byte[] bytes) {
        Artifact artifact = new Artifact(Sha256.of(bytes), bytes.length, Optional.empty());
        artifacts.put(artifact.sha256(), bytes);
        return artifact;
    }

    /** Serves bytes under a digest that is not theirs. */
    void pretend(Sha256 sha256, byte[] bytes) {
        artifacts.put(sha256, bytes);
    }

    byte[] bytes(Artifact artifact) {
        return artifacts.get(artifact.sha256());
    }

    List<ArtifactRequest> requests() {
        return requests;
    }

    static Message chunk(byte[] correlation, long offset, long size, byte[] payload) {
        return Message.bytes(DEVICE + "/artifact/data", payload)
                .answering(correlation)
                .with("offset", String.valueOf(offset))
                .with("size", String.valueOf(size));
    }

    @Override
    public void send(Message message) {
        ArtifactRequest request = ArtifactRequest.read(message.payload());
        requests.add(request);
        boolean isRequest = message.topic().equals(DEVICE + "/artifact/get")
                && message.responseTopic().equals(Optional.of(DEVICE + "/artifact/data"));
        byte[] bytes = artifacts.get(request.sha256());
        if (isRequest && bytes != null) {
            network.execute(() -> answer(request, message.correlation().orElseThrow(), bytes));
        }
    }

    private void answer(ArtifactRequest request, byte[] correlation, byte[] bytes) {
        long end = Math.min(bytes.length, request.offset() + request.length());
        for (long at = request.offset(); at < end; at += request.chunk()) {
            byte[] payload = Arrays.copyOfRange(bytes, (int) at, (int) Math.min(end, at + request.chunk()));
            wire.carry(device, chunk(correlation, at, bytes.length, payload));
        }
    }

    @Override
    public void observation(String topic, Instant at, Map<String, ?> body, boolean alsoAtPlace) {
        throw new AssertionError("no observation is made here");
    }

    @Override
    public void event(String name, Map<String, ?> body) {
        throw new AssertionError("no event is made here");
    }

    @Override
    public void report(String resource, Map<String, ?> body) {
        throw new AssertionError("no report is made here");
    }

    @Override
    public void close() {
        network.shutdownNow();
    }
}
