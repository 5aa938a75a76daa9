package io.gatehouse.cli.reach;

import io.gatehouse.api.message.Message;
import io.gatehouse.cli.fleet.Fleet;
import io.gatehouse.cli.fleet.Roster;
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

    /** Longer than a device is silent that is there, which gives a sign of life each 15 s. */
    private static final Duration QUIET = Duration.ofSeconds(20);

    private static final String LEFT = "left";
    private static final int WITHOUT_END = 255;

    private final Fleet fleet;
    private final Place place;
    private final Screen screen;
    private final String in;
    private final String out;
    private final SealedStream stream;

    /**
     * Where it is.
     *
     * @param device its name
     * @param boot in which of its starts the stream was opened; empty where that is not known
     * @param id the stream's
     */
    public record Place(String device, String boot, String id) {}

    /**
     * One at a stream that is open.
     *
     * @param screen is noted to what is no output of the shell
     */
    public StreamedShell(Fleet fleet, Place place, Sealing sealing, Screen screen) {
        String topic = place.device() + "/stream/" + place.id() + "/";
        this.fleet = fleet;
        this.place = place;
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
     * @return the remote exit status; 255 where the shell did not end by itself, or was left by its {@link Escape}
     * @throws Trouble if the device is not heard any more
     */
    public int run(InputStream keys, OutputStream shown) throws Trouble, InterruptedException {
        Arrival.Ended end = session(keys, shown);
        if (!end.reason().equals("exit")) {
            screen.note(end.reason().equals(LEFT) ? LEFT : "the terminal was closed: " + end.reason());
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
            new Keyboard(keys, terminal.isPresent()).type(new Typed(), () -> stream.abandon(LEFT));
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
                } else if (arrival instanceof Arrival.Lost lost && lost.reason().equals(LEFT)) {
                    return new Arrival.Ended(WITHOUT_END, LEFT);
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
        long heardAt = System.nanoTime();
        boolean said = false;
        try {
            while (true) {
                Optional<Message> next = fleet.next(TICK);
                if (next.isPresent() && next.get().topic().equals(out)) {
                    stream.receive(next.get().payload());
                    heardAt = System.nanoTime();
                    said = false;
                }
                next.ifPresent(this::endWithTheGateway);
                if (!said && System.nanoTime() - heardAt > QUIET.toNanos()) {
                    said = true;
                    screen.note("nothing is heard of " + place.device() + "; " + Escape.KEYS + " leaves");
                }
                stream.tick();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the session is over
        }
    }

    /** A gateway that was started anew knows nothing of the shells of the one before. */
    private void endWithTheGateway(Message message) {
        Roster.Member now = new Roster().take(message).orElse(null);
        boolean isAnother = now != null
                && now.device().equals(place.device())
                && now.online()
                && !now.text("boot").isEmpty()
                && !now.text("boot").equals(place.boot());
        if (isAnother && !place.boot().isEmpty()) {
            stream.abandon("the gateway was started anew, and its shells ended with it");
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
