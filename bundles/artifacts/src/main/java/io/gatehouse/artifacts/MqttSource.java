package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.protocol.ArtifactRequest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Fetches over MQTT, window by window. Several fetches may go on at once. */
final class MqttSource {
    private static final int CORRELATION_BYTES = 16;

    /** A request that waits longer for a server than this is of no use: another was sent. */
    private static final Duration USEFUL = Duration.ofSeconds(60);

    private final String device;
    private final Outbox outbox;
    private final Pace pace;
    private final Map<String, Fetch> going = new ConcurrentHashMap<>();

    /** A fetch that goes on, and the correlation data by which its chunks are known. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Fetch(Artifact artifact, byte[] correlation, Exchange exchange) {}

    MqttSource(String device, Outbox outbox, Pace pace) {
        this.device = device;
        this.outbox = outbox;
        this.pace = pace;
    }

    /** Appends what is missing; returns when the part is whole. */
    void fetch(Artifact artifact, Part part) throws ArtifactUnavailable, InterruptedException {
        byte[] correlation = new byte[CORRELATION_BYTES];
        pace.random().nextBytes(correlation);
        Fetch fetch = new Fetch(artifact, correlation, new Exchange(artifact, part.length()));
        String key = HexFormat.of().formatHex(correlation);
        going.put(key, fetch);
        try {
            fetch(fetch, part);
        } finally {
            going.remove(key);
        }
    }

    /** Takes a chunk. One that answers nothing that goes on is ignored. */
    void receive(Message message) {
        Fetch fetch = message.correlation()
                .map(bytes -> going.get(HexFormat.of().formatHex(bytes)))
                .orElse(null);
        if (fetch == null) {
            return;
        }
        try {
            long offset = Long.parseLong(message.properties().getOrDefault(ArtifactRequest.OFFSET, ""));
            long size = Long.parseLong(message.properties().getOrDefault(ArtifactRequest.SIZE, ""));
            fetch.exchange().offer(offset, size, message.payload());
        } catch (NumberFormatException e) {
            // No chunk of any server that speaks the protocol: as if nothing had come.
            return;
        }
    }

    private void fetch(Fetch fetch, Part part) throws ArtifactUnavailable, InterruptedException {
        long heard = System.nanoTime();
        int inVain = 0;
        while (!part.isWhole()) {
            // What stalled is probed with one chunk: requests that pile up while the link is down must not all be
            // answered with whole windows when it is back.
            long asked = ask(fetch, inVain == 0 ? pace.window() : pace.chunk());
            long came = write(fetch.exchange(), part, pace.pause(inVain));
            if (came > 0) {
                heard = System.nanoTime();
            } else if (System.nanoTime() - heard > pace.patience().toNanos()) {
                throw silent(fetch.artifact(), part);
            }
            inVain = came == asked ? 0 : inVain + 1;
        }
    }

    private long ask(Fetch fetch, long length) {
        long offset = fetch.exchange().next();
        long window = fetch.exchange().open(length);
        ArtifactRequest request = new ArtifactRequest(fetch.artifact().sha256(), offset, window, pace.chunk());
        outbox.send(Message.json(device + "/artifact/get", request.write())
                .answeredAt(device + "/artifact/data", fetch.correlation())
                .expiring(USEFUL));
        return window;
    }

    /** Writes what comes of the window; returns how much it was. */
    private static long write(Exchange exchange, Part part, Duration patience)
            throws ArtifactUnavailable, InterruptedException {
        long came = 0;
        for (Exchange.Chunk chunk = exchange.take(patience); chunk != null; chunk = exchange.take(patience)) {
            part.append(chunk.payload(), chunk.from(), chunk.count());
            came += chunk.count();
            if (Thread.interrupted()) {
                throw new InterruptedException("fetch stopped after " + part.length() + " bytes");
            }
        }
        return came;
    }

    private ArtifactUnavailable silent(Artifact artifact, Part part) {
        return new ArtifactUnavailable(
                "unreachable",
                "no server answered at " + device + "/artifact/get for " + pace.patience() + "; " + part.length()
                        + " of " + artifact.size() + " bytes of " + artifact.sha256() + " are here",
                null);
    }
}
