package io.gatehouse.artifacts;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.ArtifactUnavailable;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outbox;
import io.gatehouse.protocol.ArtifactRequest;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** Fetches over MQTT. Several fetches may go on at once. */
final class MqttSource implements Source {
    /** Correlation data is the fetch, drawn by lot, and the number of its request. */
    private static final int FETCH_BYTES = 12;

    private static final int CORRELATION_BYTES = FETCH_BYTES + Integer.BYTES;

    /** A request that waits longer for a server than this is of no use: another was sent. */
    private static final Duration USEFUL = Duration.ofSeconds(60);

    private final String device;
    private final Outbox outbox;
    private final Pace pace;
    private final Map<String, Exchange> going = new ConcurrentHashMap<>();
    /** The last fetch's buffer: a new one for each would fill the heap before any is collected. */
    private final AtomicReference<SoftReference<byte[]>> spare = new AtomicReference<>(new SoftReference<>(null));

    /** A fetch that goes on. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Fetch(Artifact artifact, byte[] id, Exchange exchange, long until) {}

    MqttSource(String device, Outbox outbox, Pace pace) {
        this.device = device;
        this.outbox = outbox;
        this.pace = pace;
    }

    @Override
    public void fetch(Artifact artifact, Part part, long until) throws ArtifactUnavailable, InterruptedException {
        byte[] id = new byte[FETCH_BYTES];
        pace.random().nextBytes(id);
        byte[] ring = ring((int) Math.min(pace.window(), until - part.length()));
        Exchange exchange = new Exchange(artifact, new Exchange.Reach(part.length(), until), pace, ring);
        String key = HexFormat.of().formatHex(id);
        going.put(key, exchange);
        try {
            fetch(new Fetch(artifact, id, exchange, until), part);
        } finally {
            going.remove(key);
            exchange.close();
            spare.set(new SoftReference<>(ring));
        }
    }

    private byte[] ring(int size) {
        byte[] last = spare.getAndSet(new SoftReference<>(null)).get();
        return last != null && last.length >= size ? last : new byte[size];
    }

    @Override
    public String way(Artifact artifact) {
        return "over MQTT";
    }

    /** Takes a chunk. One that answers nothing that goes on is ignored. */
    void receive(Message message) {
        byte[] correlation = message.correlation().orElse(new byte[0]);
        if (correlation.length != CORRELATION_BYTES) {
            return;
        }
        Exchange exchange = going.get(HexFormat.of().formatHex(correlation, 0, FETCH_BYTES));
        if (exchange == null) {
            return;
        }
        try {
            long offset = Long.parseLong(
                    message.properties().first(ArtifactRequest.OFFSET).orElse(""));
            long size = Long.parseLong(
                    message.properties().first(ArtifactRequest.SIZE).orElse(""));
            exchange.offer(ByteBuffer.wrap(correlation).getInt(FETCH_BYTES), offset, size, message.payload());
        } catch (NumberFormatException e) {
            // No chunk of any server that speaks the protocol: as if nothing had come.
            return;
        }
    }

    private void fetch(Fetch fetch, Part part) throws ArtifactUnavailable, InterruptedException {
        Exchange exchange = fetch.exchange();
        long heard = System.nanoTime();
        int inVain = 0;
        while (part.length() < fetch.until()) {
            for (Exchange.Request next = exchange.ask(); next != null; next = exchange.ask()) {
                send(fetch, next);
            }
            Exchange.Span span = exchange.take(pace.pause(inVain));
            if (span != null) {
                part.append(span.bytes(), span.from(), span.count());
                exchange.written(span.count());
                heard = System.nanoTime();
                inVain = 0;
                if (Thread.interrupted()) {
                    throw new InterruptedException("fetch stopped after " + part.length() + " bytes");
                }
            } else if (System.nanoTime() - heard > pace.patience().toNanos()) {
                throw silent(fetch.artifact(), part);
            } else if (++inVain > 1 || !exchange.isProbing()) {
                // One chunk only: requests that pile up while the link is down must not all be answered with whole
                // windows when it is back. And none where chunks come after all, slower than was thought.
                send(fetch, exchange.probe(pace.chunk()));
            }
        }
    }

    private void send(Fetch fetch, Exchange.Request next) {
        ArtifactRequest request =
                new ArtifactRequest(fetch.artifact().sha256(), next.offset(), next.length(), pace.chunk());
        byte[] correlation = ByteBuffer.allocate(CORRELATION_BYTES)
                .put(fetch.id())
                .putInt(next.number())
                .array();
        outbox.send(Message.json(device + "/artifact/get", request.write())
                .answeredAt(device + "/artifact/data", correlation)
                .expiring(USEFUL));
    }

    private ArtifactUnavailable silent(Artifact artifact, Part part) {
        return new ArtifactUnavailable(
                "unreachable",
                "no server answered at " + device + "/artifact/get for " + pace.patience() + "; " + part.length()
                        + " of " + artifact.size() + " bytes of " + artifact.sha256() + " are here",
                null);
    }
}
