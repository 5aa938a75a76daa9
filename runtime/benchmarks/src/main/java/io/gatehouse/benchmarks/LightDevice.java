package io.gatehouse.benchmarks;

import io.gatehouse.api.artifact.Artifact;
import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.Members;
import io.gatehouse.protocol.ArtifactRequest;
import io.gatehouse.protocol.Firmware;
import io.gatehouse.protocol.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A device that only fetches firmware, by the rules by which the gateway does: a window of 2 MiB, asked for in eighths as it is written, and one
 * chunk again after 5 s without any, doubling. What it reads in a second is bounded, as by a link.
 */
final class LightDevice {
    private static final long WINDOW = 2 << 20;
    private static final long SHARE = WINDOW / 8;
    private static final long STALL = Duration.ofSeconds(5).toNanos();
    private static final long LONGEST = 12 * STALL;

    private final String name;
    private final String scope;
    private final SelectionKey key;
    private final SocketChannel channel;
    private final MessageDigest digest = Sha256.digest();
    private final ByteBuffer in = ByteBuffer.allocate(ArtifactRequest.LARGEST_CHUNK + 1024);
    private final long delay;
    private int packets;
    private Optional<Artifact> wanted = Optional.empty();
    private String topic = "";
    private String document = "";
    private String version = "";
    private long begins = Long.MAX_VALUE;
    private long next;
    private long asked;
    private int requests;
    private int probe;
    private long heard;
    private long pause = STALL;
    private long credit;
    private boolean subscribed;
    private boolean through;

    /**
     * Not connected yet.
     *
     * @param delay after it was told, in nanoseconds, it begins
     */
    LightDevice(String scope, String name, SelectionKey key, long delay) {
        this.scope = scope;
        this.name = name;
        this.key = key;
        this.channel = (SocketChannel) key.channel();
        this.delay = delay;
    }

    boolean isSubscribed() {
        return subscribed;
    }

    boolean isThrough() {
        return through;
    }

    void connected() throws IOException {
        write(Packets.connect(name.replace('/', '-')));
        write(Packets.subscribe(++packets, name + "/artifact/data", scope + "/desired/firmware"));
        write(Packets.publish(++packets, name + "/status", true, Json.write(Map.of("state", "online", "boot", "0"))));
        key.interestOps(SelectionKey.OP_READ);
    }

    /** To be called often: what its link lets through since, and what it waited for long enough. */
    void tick(long now, long bytes) throws IOException {
        credit = Math.min(credit + bytes, ArtifactRequest.LARGEST_CHUNK);
        if (credit > 0 && key.interestOps() != SelectionKey.OP_READ) {
            key.interestOps(SelectionKey.OP_READ);
        }
        if (wanted.isEmpty() || through || now < begins) {
            return;
        }
        if (heard == 0) {
            heard = now;
            ask();
        } else if (now - heard > pause) {
            heard = now;
            pause = Math.min(LONGEST, 2 * pause);
            probe = request(
                    next, Math.min(ArtifactRequest.LARGEST_CHUNK, wanted.get().size() - next));
        }
    }

    void readable(long now) throws IOException {
        in.limit((int) Math.min(in.capacity(), in.position() + Math.max(1, credit)));
        int read = channel.read(in);
        in.limit(in.capacity());
        if (read < 0) {
            throw new IOException("the broker closed the connection of " + name);
        }
        credit -= read;
        if (credit <= 0) {
            key.interestOps(0);
        }
        in.flip();
        for (int size = Packets.size(in); size > 0 && size <= in.remaining(); size = Packets.size(in)) {
            take(in.slice(in.position(), size), now);
            in.position(in.position() + size);
        }
        in.compact();
    }

    private void take(ByteBuffer packet, long now) throws IOException {
        int type = (packet.get(packet.position()) & 255) >> 4;
        if (type == Packets.SUBACK) {
            subscribed = true;
        } else if (type == Packets.PUBLISH) {
            Packets.Publish message = Packets.read(packet);
            if (message.number() > 0) {
                write(Packets.acknowledge(message.number()));
            }
            if (message.topic().endsWith("/desired/firmware")) {
                told(message, now);
            } else if (wanted.isPresent() && !through) {
                chunk(message, now);
            }
        }
    }

    private void told(Packets.Publish message, long now) throws IOException {
        Members members = Json.read(message.payload());
        Firmware firmware = Firmware.read(members.object("spec"));
        wanted = Optional.of(firmware.image());
        version = firmware.version();
        topic = message.topic();
        document = Sha256.of(message.payload()).hex();
        begins = now + delay;
        report("applying", "fetch");
    }

    private void chunk(Packets.Publish message, long now) throws IOException {
        Artifact image = wanted.orElseThrow();
        long offset = Long.parseLong(message.user().getOrDefault(ArtifactRequest.OFFSET, "-1"));
        if (offset <= next && offset + message.payload().length > next) {
            int from = (int) (next - offset);
            digest.update(message.payload(), from, message.payload().length - from);
            next = offset + message.payload().length;
            heard = now;
            pause = STALL;
        }
        if (probe > 0 && ByteBuffer.wrap(message.correlation()).getInt() >= probe) {
            probe = 0;
            asked = next;
        }
        if (next < image.size()) {
            ask();
            return;
        }
        through = true;
        report(Sha256.of(digest).equals(image.sha256()) ? "applied" : "failed", "");
    }

    private void ask() throws IOException {
        long size = wanted.orElseThrow().size();
        asked = Math.max(asked, next);
        while (asked < size && asked - next <= WINDOW - SHARE) {
            long length = Math.min(SHARE, size - asked);
            request(asked, length);
            asked += length;
        }
    }

    private int request(long offset, long length) throws IOException {
        byte[] number = ByteBuffer.allocate(Integer.BYTES).putInt(++requests).array();
        byte[] request = new ArtifactRequest(
                        wanted.orElseThrow().sha256(), offset, length, ArtifactRequest.LARGEST_CHUNK)
                .write();
        write(Packets.request(number(), name + "/artifact/get", name + "/artifact/data", number, request));
        return requests;
    }

    private void report(String state, String step) throws IOException {
        byte[] report = Json.write(Map.of(
                "state", state, "step", step, "version", version, "sequence", 2, "desired", Map.of(topic, document)));
        write(Packets.publish(number(), name + "/reported/firmware", true, report));
    }

    private int number() {
        packets = packets % 0xffff + 1;
        return packets;
    }

    /** All it ever says is small. */
    private void write(byte[] packet) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(packet);
        while (out.hasRemaining()) {
            if (channel.write(out) == 0) {
                Thread.onSpinWait();
            }
        }
    }
}
