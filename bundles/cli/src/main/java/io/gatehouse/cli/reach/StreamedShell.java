package io.gatehouse.cli.reach;

import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Trouble;
import io.gatehouse.cli.screen.Screen;
import io.gatehouse.protocol.stream.Arrival;
import io.gatehouse.protocol.stream.SealedStream;
import io.gatehouse.protocol.stream.Sealing;
import io.gatehouse.protocol.stream.Side;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A session at a device's terminal, by a stream through the broker. While it goes on, what arrives at the fleet is its. */
public final class StreamedShell {
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration USE = Duration.ofSeconds(10);

    private final Fleet fleet;
    private final Screen screen;
    private final String in;
    private final String out;
    private final SealedStream stream;

    /**
     * One at a stream that is open.
     *
     * @param device its name
     * @param id the stream's
     * @param screen is noted to what is no output of the shell
     */
    public StreamedShell(Fleet fleet, String device, String id, Sealing sealing, Screen screen) {
        String topic = device + "/stream/" + id + "/";
        this.fleet = fleet;
        this.screen = screen;
        this.in = topic + Side.OPERATOR.level();
        this.out = topic + Side.DEVICE.level();
        this.stream = new SealedStream(sealing, SealedStream.SILENCE, System::nanoTime, this::send);
    }

    /** What to subscribe to before a stream is asked for: its topic has a name that the answer says. */
    public static String filter(String device) {
        return device + "/stream/+/" + Side.DEVICE.level();
    }

    /**
     * Holds the session until its end.
     *
     * @return the remote exit status; 255 where the shell did not end by itself
     * @throws Trouble if the device is not heard any more
     */
    public int run(InputStream keys, OutputStream shown) throws Trouble, InterruptedException {
        Arrival.Ended end = session(keys, shown);
        if (!end.reason().equals("exit")) {
            screen.note("the terminal was closed: " + end.reason());
        }
        return end.code();
    }

    private Arrival.Ended session(InputStream keys, OutputStream shown) throws Trouble, InterruptedException {
        Thread hearing = new Thread(this::hear, "frames");
        hearing.setDaemon(true);
        Optional<OperatorTerminal> terminal = OperatorTerminal.raw(screen);
        try {
            hearing.start();
            fleet.onConnectedAgain(stream::connected);
            stream.connected();
            terminal.ifPresent(at -> at.onResize(() -> resize(at.size())));
            new Keyboard(keys, terminal.isPresent()).type(new Typed());
            return show(shown);
        } finally {
            terminal.ifPresent(OperatorTerminal::close);
            stream.end(0, "left");
            fleet.onConnectedAgain(() -> {});
            hearing.interrupt();
            hearing.join();
        }
    }

    private Arrival.Ended show(OutputStream shown) throws Trouble, InterruptedException {
        try {
            while (true) {
                Arrival arrival = stream.take();
                if (arrival instanceof Arrival.Data data) {
                    shown.write(data.bytes());
                    shown.flush();
                } else if (arrival instanceof Arrival.Ended end) {
                    return end;
                } else if (arrival instanceof Arrival.Lost lost) {
                    throw Lost.because(lost.reason(), null);
                }
            }
        } catch (IOException e) {
            throw new Trouble(Trouble.Kind.NO_ANSWER, "the session ended: " + e.getMessage(), e);
        }
    }

    /** Of its own, that frames are answered and time passes also while nobody reads what is shown. */
    private void hear() {
        try {
            while (true) {
                fleet.next(TICK)
                        .filter(message -> message.topic().equals(out))
                        .ifPresent(message -> stream.receive(message.payload()));
                stream.tick();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the session is over
        }
    }

    private void send(byte[] frame) {
        CompletableFuture<Void> unused = fleet.send(Message.bytes(in, frame).expiring(USE))
                .whenComplete((done, refusal) -> {
                    if (refusal != null) {
                        stream.abandon(fleet.broker() + " takes nothing at " + in + ": " + refusal.getMessage());
                    }
                });
    }

    private void resize(OperatorTerminal.Size size) {
        stream.resize(size.columns(), size.rows());
    }

    /** Waits while the device takes no more. */
    private final class Typed extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                if (!stream.write(bytes, offset, length)) {
                    throw new IOException("the session is over");
                }
            } catch (InterruptedException e) {
                throw (IOException) new InterruptedIOException("while something was typed").initCause(e);
            }
        }
    }
}
