package io.gatehouse.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatehouse.api.command.Members;
import io.gatehouse.api.command.Outcome;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.TransportProvider;
import io.gatehouse.protocol.Json;
import io.gatehouse.protocol.stream.Arrival;
import io.gatehouse.protocol.stream.SealedStream;
import io.gatehouse.protocol.stream.StreamKey;
import java.security.InvalidKeyException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A device's terminal at a stream. What is typed is shown, and of lines it knows {@code say TEXT}, {@code size}, {@code lose},
 * {@code close REASON}, {@code exit CODE} and Ctrl-D, which is {@code exit 0}.
 */
final class FakeTerminal implements Fake, AutoCloseable {
    static final String ID = "s1";

    private final MemoryBroker broker;
    private final String device;
    private final TransportProvider.Connection connection;
    private final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
    private final Map<String, Object> attestation;
    private volatile Members asked = Members.of(Map.of());
    private Arrival.Resized size = new Arrival.Resized(80, 24);
    private String line = "";

    FakeTerminal(MemoryBroker broker, String device, Map<String, Object> attestation) {
        this.broker = broker;
        this.device = device;
        this.attestation = attestation;
        this.connection = connect(broker);
    }

    /** With which arguments it was asked for. */
    Members asked() {
        return asked;
    }

    /** Does {@code terminal.stream}. */
    Outcome open(Message command) {
        asked = Json.read(command.payload());
        size = new Arrival.Resized((int) asked.integer("columns", 1, 1000), (int) asked.integer("rows", 1, 1000));
        StreamKey own = StreamKey.generate();
        try {
            SealedStream stream = new SealedStream(
                    own.withOperator(ID, asked.string("key")),
                    SealedStream.SILENCE,
                    System::nanoTime,
                    frame -> broker.publish(Message.bytes(device + "/stream/" + ID + "/out", frame)));
            run(() -> hear(stream));
            run(() -> serve(stream));
        } catch (InvalidKeyException e) {
            return Outcome.refused("bad-argument", e.toString());
        }
        Map<String, Object> result = new LinkedHashMap<>(Map.of("id", ID, "key", own.publicKey(), "until", "later"));
        if (!attestation.isEmpty()) {
            result.put("attestation", attestation);
        }
        return Outcome.done(result);
    }

    private void hear(SealedStream stream) {
        try {
            while (true) {
                byte[] frame = frames.poll(100, TimeUnit.MILLISECONDS);
                if (frame != null) {
                    stream.receive(frame);
                }
                stream.tick();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(SealedStream stream) {
        try {
            for (Arrival next = stream.take(); !isLast(next); next = stream.take()) {
                if (next instanceof Arrival.Resized to) {
                    size = to;
                } else if (next instanceof Arrival.Data data) {
                    String typed = new String(data.bytes(), UTF_8).replace('\r', '\n');
                    show(stream, typed.replace("\n", "\r\n"));
                    line += typed.replace("\004", "exit 0\n");
                    lines(stream);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isLast(Arrival arrival) {
        return arrival instanceof Arrival.Ended || arrival instanceof Arrival.Lost;
    }

    private void lines(SealedStream stream) throws InterruptedException {
        for (int end = line.indexOf('\n'); end >= 0; end = line.indexOf('\n')) {
            String[] words = line.substring(0, end).split(" ", 2);
            line = line.substring(end + 1);
            String rest = words.length > 1 ? words[1] : "";
            switch (words[0]) {
                case "say" -> say(stream, "<" + rest + ">");
                case "size" -> say(stream, "<" + size.columns() + " x " + size.rows() + ">");
                case "lose" -> broker.reconnect();
                case "close" -> stream.end(255, rest);
                case "exit" -> stream.end(Integer.parseInt(rest), "exit");
                default -> say(stream, "?");
            }
        }
    }

    private static void say(SealedStream stream, String text) throws InterruptedException {
        show(stream, text + "\r\n");
    }

    private static void show(SealedStream stream, String text) throws InterruptedException {
        byte[] bytes = text.getBytes(UTF_8);
        stream.write(bytes, 0, bytes.length);
    }

    private static void run(Runnable work) {
        Thread thread = new Thread(work, "fake terminal");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public String clientId() {
        return device + " stream";
    }

    @Override
    public List<String> filters() {
        return List.of(device + "/stream/+/in");
    }

    @Override
    public void receive(Message message) {
        frames.add(message.payload());
    }

    @Override
    public void close() {
        connection.close();
    }
}
