package io.gatehouse.cli.fleet;

import io.gatehouse.api.artifact.Sha256;
import io.gatehouse.api.command.BadArgument;
import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.ArtifactRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Serves files to devices by their SHA-256, over the broker. It is silent about what it does not have and about who asks
 * for an answer anywhere but at its own {@code D/artifact/data}. One thread; devices are answered by turns, and a bounded number of chunks
 * is under way to the broker and of bytes through it, so that neither this program nor the broker fills up.
 */
public final class ArtifactServer implements AutoCloseable {
    /** Topic filter of every device's requests. */
    public static final String FILTER = "+/+/+/artifact/get";

    /** Bytes that the broker may have to hold, as far as can be known. */
    public static final long ROOM = 64L << 20;

    private static final int CHUNKS_UNDER_WAY = 16;
    /** A thousand devices, each with a window of eight requests; what comes beyond is dropped, and asked for again. */
    private static final int REQUESTS_WAITING = 8192;

    private static final Duration CHUNK_EXPIRY = Duration.ofSeconds(60);

    private final Map<Sha256, Path> files;
    private final Function<Message, CompletableFuture<Void>> sender;
    private final Consumer<String> note;
    private final Semaphore room = new Semaphore(CHUNKS_UNDER_WAY);
    private final Turns turns;
    private final Thread thread = new Thread(this::serve, "artifacts");

    /**
     * Begins to serve.
     *
     * @param note is told in words of a file that cannot be read, from the server's thread
     */
    public ArtifactServer(Map<Sha256, Path> files, Fleet fleet, Consumer<String> note) {
        this(files, fleet::send, note, ROOM);
    }

    /**
     * As {@link #ArtifactServer(Map, Fleet, Consumer)}.
     *
     * @param sender sends, and knows when the broker has it
     * @param room bytes on their way to all devices at most, as far as can be known
     */
    public ArtifactServer(
            Map<Sha256, Path> files,
            Function<Message, CompletableFuture<Void>> sender,
            Consumer<String> note,
            long room) {
        this.files = Map.copyOf(files);
        this.turns = new Turns(room, REQUESTS_WAITING, System::nanoTime);
        this.sender = sender;
        this.note = note;
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes a message if it asks for something that is here; returns at once. */
    public boolean take(Message message) {
        return order(message).map(turns::offer).orElse(false);
    }

    private Optional<Turns.Order> order(Message message) {
        Optional<String> device = Devices.of(message.topic(), "artifact/get");
        if (device.isEmpty()
                || message.correlation().isEmpty()
                || !message.responseTopic().equals(device.map(ArtifactServer::answeredAt))) {
            return Optional.empty();
        }
        try {
            ArtifactRequest request = ArtifactRequest.read(message.payload());
            byte[] correlation = message.correlation().get();
            return Optional.ofNullable(files.get(request.sha256()))
                    .map(file -> new Turns.Order(
                            device.get(),
                            correlation,
                            request,
                            file,
                            file.toFile().length()));
        } catch (BadArgument e) {
            return Optional.empty(); // who asks so would not understand an answer either
        }
    }

    private static String answeredAt(String device) {
        return device + "/artifact/data";
    }

    private void serve() {
        try {
            while (true) {
                serve(turns.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private void serve(Turns.Order order) throws InterruptedException {
        ArtifactRequest request = order.request();
        try (FileChannel channel = FileChannel.open(order.file())) {
            long end = order.end();
            for (long offset = request.offset(); offset < end; offset += request.chunk()) {
                send(order, offset, read(channel, offset, (int) Math.min(request.chunk(), end - offset)));
            }
        } catch (IOException e) {
            note.accept("cannot read " + order.file() + ": " + e.getMessage());
        }
    }

    private static byte[] read(FileChannel channel, long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                return Arrays.copyOf(buffer.array(), buffer.position());
            }
        }
        return buffer.array();
    }

    private void send(Turns.Order order, long offset, byte[] chunk) throws InterruptedException {
        room.acquire();
        Message message = Message.bytes(answeredAt(order.device()), chunk)
                .answering(order.correlation())
                .expiring(CHUNK_EXPIRY)
                .with(ArtifactRequest.OFFSET, Long.toString(offset))
                .with(ArtifactRequest.SIZE, Long.toString(order.size()));
        CompletableFuture<Void> unused = sender.apply(message).whenComplete((done, failure) -> room.release());
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
