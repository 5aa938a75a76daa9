package io.gatehouse.terminal.stream;

import io.gatehouse.api.message.Message;
import io.gatehouse.protocol.stream.Arrival;
import io.gatehouse.protocol.stream.SealedStream;
import io.gatehouse.protocol.stream.Sealing;
import io.gatehouse.protocol.stream.Side;
import io.gatehouse.terminal.Door;
import io.gatehouse.terminal.Screen;
import io.gatehouse.terminal.Size;
import io.gatehouse.terminal.Terminal;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A stream to one terminal. The program starts with the first frame that the asker's key sealed; what anybody else sends changes nothing.
 * It holds what the stream does, has one thread from then on, and none is left when it is closed.
 */
final class StreamDoor implements Door, Screen {
    private static final Logger LOG = System.getLogger(StreamDoor.class.getName());
    private static final Duration PARTING = Duration.ofSeconds(5);
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final int UNKNOWN = 255;

    private final Terminal terminal;
    private final Wanted wanted;
    private final String devicesKey;
    private final SealedStream stream;
    private final Ticks ticks;
    private final Runnable tick = this::tick;
    private final Thread typing;
    private final Runnable withdrawal;
    private boolean isHere;
    private boolean isClosed;
    private volatile boolean hasLeft;

    /** The device's end of a stream, and after which silence of the asker it is over. */
    record End(Sealing sealing, String key, Duration silence) {}

    StreamDoor(Terminal terminal, Wanted wanted, End end, Carrier carrier, Ticks ticks) {
        String topic = "stream/" + terminal.id() + "/";
        this.terminal = terminal;
        this.wanted = wanted;
        this.devicesKey = end.key();
        this.stream = new SealedStream(
                end.sealing(),
                end.silence(),
                System::nanoTime,
                frame -> carrier.send(topic + Side.DEVICE.level(), frame));
        this.ticks = ticks;
        this.typing = new Thread(this::type, "terminal-stream-" + terminal.id());
        typing.setDaemon(true);
        this.withdrawal = carrier.receive(topic + Side.OPERATOR.level(), this::receive);
        boolean isTicking = false;
        try {
            ticks.add(tick);
            isTicking = true;
        } finally {
            if (!isTicking) { // there was no thread to be had
                withdrawal.run();
            }
        }
    }

    @Override
    public Map<String, ?> place() {
        return Map.of();
    }

    @Override
    public Map<String, ?> answer() {
        return Map.of("key", devicesKey);
    }

    @Override
    public String askersKey() {
        return wanted.key();
    }

    @Override
    public String devicesKey() {
        return devicesKey;
    }

    @Override
    public void show(byte[] bytes) throws IOException, InterruptedException {
        if (!stream.write(bytes, 0, bytes.length)) {
            throw new IOException("nobody is at terminal " + terminal.id() + " any more");
        }
    }

    @Override
    public void ended(OptionalInt exitCode, String reason) {
        stream.end(exitCode.orElse(reason.equals("exit") ? 0 : UNKNOWN), reason);
    }

    @Override
    public void close() {
        boolean mayHear;
        synchronized (this) {
            if (isClosed) {
                return;
            }
            isClosed = true;
            mayHear = isHere && !hasLeft;
        }
        stream.end(UNKNOWN, "closed"); // where nothing has run
        boolean isInterrupted = false;
        try {
            if (mayHear && !stream.awaitDelivered(PARTING)) {
                LOG.log(Level.DEBUG, "it is not known whether the end of terminal {0} was heard", terminal.id());
            }
        } catch (InterruptedException e) {
            isInterrupted = true;
        }
        ticks.remove(tick);
        withdrawal.run();
        stream.abandon("the terminal has ended");
        typing.interrupt();
        try {
            typing.join(SHORT.toMillis());
        } catch (InterruptedException e) {
            isInterrupted = true;
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** On the thread of all that comes in: takes no longer than to open the frame, and to put what answers it into the outbox. */
    private void receive(Message message) {
        long before = stream.traffic().dropped();
        stream.receive(message.payload());
        if (stream.traffic().dropped() == before) {
            comeIn();
        }
    }

    private synchronized void comeIn() {
        if (!isHere && !isClosed) {
            isHere = true;
            typing.start();
        }
    }

    /** Runs the program, and has what is typed go there: as fast as it takes it, for the stream waits with more. */
    private void type() {
        try {
            terminal.start(wanted.term(), wanted.size(), this);
            while (!hasLeft) {
                pass(stream.take());
            }
            terminal.end("link");
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "terminal " + terminal.id() + " takes no more input", e);
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "the terminal ends");
        }
    }

    private void pass(Arrival arrival) throws IOException {
        if (arrival instanceof Arrival.Data data) {
            terminal.input(data.bytes(), 0, data.bytes().length);
        } else if (arrival instanceof Arrival.Resized to) {
            terminal.resize(Size.near(to.columns(), to.rows()));
        } else {
            hasLeft = true;
        }
    }

    /** Also whether anybody is there at all: who types may be waiting for the program. */
    private void tick() {
        stream.tick();
        if (stream.nextTick().isEmpty()) {
            terminal.end(terminal.isWaiting() ? "unused" : "link");
        }
    }
}
