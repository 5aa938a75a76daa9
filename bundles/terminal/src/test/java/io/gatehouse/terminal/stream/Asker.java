package io.gatehouse.terminal.stream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.gatehouse.protocol.stream.Arrival;
import io.gatehouse.protocol.stream.SealedStream;
import io.gatehouse.protocol.stream.StreamKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Who has asked for a terminal, with a keyboard and a screen. */
final class Asker implements AutoCloseable {
    private final SealedStream stream;
    private final Thread looking = new Thread(this::look, "asker");
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
    private boolean looksAway;
    private volatile @Nullable Arrival last;

    Asker(StreamKey key, Map<String, ?> opened, Radio radio) throws InvalidKeyException {
        String id = (String) opened.get("id");
        stream = new SealedStream(
                key.withDevice(id, (String) opened.get("key")),
                SealedStream.SILENCE,
                System::nanoTime,
                frame -> radio.send("stream/" + id + "/in", frame));
        radio.tuneIn(stream);
        looking.setDaemon(true);
        looking.start();
    }

    /** Subscribed, for the first time or again. */
    void connected() {
        stream.connected();
    }

    void type(String text) throws InterruptedException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        stream.write(bytes, 0, bytes.length);
    }

    /** Types as fast as that is taken, on a thread of its own. */
    Thread typeOn(String text) {
        Thread typing = new Thread(
                () -> {
                    try {
                        type(text);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "asker-types");
        typing.setDaemon(true);
        typing.start();
        return typing;
    }

    void resize(int columns, int rows) {
        stream.resize(columns, rows);
    }

    void leave() {
        stream.end(0, "enough");
    }

    synchronized void lookAway(boolean is) {
        looksAway = is;
        notifyAll();
    }

    void sees(String text) {
        await().atMost(60, TimeUnit.SECONDS).until(() -> seen().contains(text));
    }

    synchronized String seen() {
        return seen.toString(StandardCharsets.UTF_8);
    }

    Arrival.Ended ended() {
        await().atMost(60, TimeUnit.SECONDS).until(() -> last != null);
        return assertInstanceOf(Arrival.Ended.class, last);
    }

    private void look() {
        try {
            Arrival next = next();
            while (next instanceof Arrival.Data data) {
                synchronized (this) {
                    seen.writeBytes(data.bytes());
                }
                next = next();
            }
            last = next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Arrival next() throws InterruptedException {
        synchronized (this) {
            while (looksAway) {
                wait();
            }
        }
        return stream.take();
    }

    @Override
    public void close() {
        looking.interrupt();
    }
}
