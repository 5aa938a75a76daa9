package io.gatehouse.protocol.stream;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * One end of a stream: bytes, screen sizes and an end, in order and once each way, over a carrier that may lose frames, bring them
 * late or twice, and be gone for a while. It holds no more than 80 KiB, whatever happens.
 *
 * <p>It has no thread. Its owner gives it each payload of the other side's topic ({@link #receive}), calls {@link #tick} when
 * {@link #nextTick} says or a few times a second, and {@link #connected} when the topic is subscribed to, for the first time and
 * after each lost link. What is written at one end leaves when the other has said that it is there.
 *
 * <p>Thread-safe. Frames are handed on in their order, by whichever thread has made one possible and by one at a time, with no lock
 * held: who takes them may call the stream, but must not wait for the network. A frame that could not be sent is lost, and made
 * up for.
 */
public final class SealedStream {
    /** After which time without any frame a stream is over, if nothing else is said. */
    public static final Duration SILENCE = Duration.ofMinutes(2);

    /** After which time one side says at least that it is there. */
    static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    private final Object lock = new Object();
    private final Sealing sealing;
    private final long silence;
    private final LongSupplier nanos;
    private final Consumer<byte[]> frames;

    private final Ring outgoing;
    private final Written written;
    private final Sending sending;
    private final Read read;
    private final Receiving receiving;

    private Optional<Arrival> lost = Optional.empty();
    private boolean handingOn;
    private long spokeAt;
    private long heardAt;
    private long dropped;

    /**
     * An end of a stream.
     *
     * @param silence after which time without any frame of the other side the stream is over
     * @param nanos tells how time passes, as {@link System#nanoTime}
     * @param frames takes what is to be published
     */
    public SealedStream(Sealing sealing, Duration silence, LongSupplier nanos, Consumer<byte[]> frames) {
        this.sealing = sealing;
        this.silence = silence.toNanos();
        this.nanos = nanos;
        this.frames = frames;
        this.outgoing = new Ring(sealing.side().other().window());
        this.written = new Written(outgoing);
        this.sending = new Sending(outgoing);
        Ring incoming = new Ring(sealing.side().window());
        this.read = new Read(incoming);
        this.receiving = new Receiving(incoming);
        this.spokeAt = nanos.getAsLong();
        this.heardAt = spokeAt;
    }

    /**
     * Writes bytes, and waits for room.
     *
     * @return whether all were taken; if not, the stream is over or has been ended here
     */
    public boolean write(byte[] bytes, int from, int length) throws InterruptedException {
        int taken = 0;
        while (taken < length) {
            synchronized (lock) {
                int more = isOpen() ? written.data(bytes, from + taken, length - taken) : 0;
                if (more == 0) {
                    if (!isOpen()) {
                        return false;
                    }
                    lock.wait();
                }
                taken += more;
            }
            handOn();
        }
        return true;
    }

    /** Writes as many bytes as there is room for, without waiting; says how many. */
    public int offer(byte[] bytes, int from, int length) {
        int taken;
        synchronized (lock) {
            taken = isOpen() ? written.data(bytes, from, length) : 0;
        }
        handOn();
        return taken;
    }

    /**
     * Tells the screen's size, without waiting; of several that find no room the last is told.
     *
     * @throws IllegalArgumentException if it is not 1 to 65535 either way
     */
    public void resize(int columns, int rows) {
        Arrival.Resized size = new Arrival.Resized(columns, rows);
        synchronized (lock) {
            written.resize(size);
        }
        handOn();
    }

    /** Ends this way, after all that was written, without waiting; again, it does nothing. */
    public void end(int code, String reason) {
        synchronized (lock) {
            written.end(new Arrival.Ended(code, reason));
            lock.notifyAll();
        }
        handOn();
    }

    /** Waits for what comes next. After {@link Arrival.Ended} or {@link Arrival.Lost} it is always that. */
    public Arrival take() throws InterruptedException {
        Optional<Arrival> arrival;
        synchronized (lock) {
            for (arrival = next(); arrival.isEmpty(); arrival = next()) {
                lock.wait();
            }
        }
        handOn();
        return arrival.get();
    }

    /** What comes next, if it is there. */
    public Optional<Arrival> poll() {
        Optional<Arrival> arrival;
        synchronized (lock) {
            arrival = next();
        }
        handOn();
        return arrival;
    }

    /** Takes a frame of the other side; anything else is counted and changes nothing. */
    public void receive(byte[] frame) {
        synchronized (lock) {
            if (lost.isPresent()) {
                return;
            }
            Optional<Segment> segment =
                    sealing.open(frame).flatMap(Segment::read).filter(sound -> sound.acknowledged() <= sending.most());
            if (segment.isEmpty()) {
                dropped++;
                return;
            }
            heardAt = nanos.getAsLong();
            receiving.heard(segment.get());
            sending.heard(segment.get(), heardAt);
            written.settle();
            lock.notifyAll();
        }
        handOn();
    }

    /** The topic is subscribed to, for the first time or again: what may have been lost is sent at once. */
    public void connected() {
        synchronized (lock) {
            sending.connected(nanos.getAsLong());
        }
        handOn();
    }

    /** Does what is due by now. */
    public void tick() {
        synchronized (lock) {
            long now = nanos.getAsLong();
            if (isLive() && now - heardAt >= silence) {
                lose("nothing was heard of the other side for "
                        + Duration.ofNanos(silence).toSeconds() + " s");
            }
            sending.tick(now);
        }
        handOn();
    }

    /** In which time {@link #tick} has something to do, if no other call comes before; nothing where it never has. */
    public Optional<Duration> nextTick() {
        synchronized (lock) {
            if (!isLive()) {
                return Optional.empty();
            }
            long now = nanos.getAsLong();
            long left = Math.min(heardAt + silence - now, spokeAt + KEEP_ALIVE.toNanos() - now);
            OptionalLong due = sending.due();
            if (due.isPresent()) {
                left = Math.min(left, due.getAsLong() - now);
            }
            return Optional.of(Duration.ofNanos(Math.max(0, left)));
        }
    }

    /** Ends both ways here and now; the other side hears nothing of it. Who waits is told so. */
    public void abandon(String reason) {
        synchronized (lock) {
            lose(reason);
        }
    }

    /** Whether all that was written is acknowledged, with the end. */
    public boolean isDelivered() {
        synchronized (lock) {
            return written.isWhole() && outgoing.size() == 0;
        }
    }

    /** Waits until {@link #isDelivered}, but no longer than that and not after the stream was lost; says whether it is. */
    public boolean awaitDelivered(Duration most) throws InterruptedException {
        synchronized (lock) {
            long begin = nanos.getAsLong();
            long left = most.toNanos();
            while (!isDelivered() && lost.isEmpty() && left > 0) {
                lock.wait(1 + left / 1_000_000);
                left = most.toNanos() - (nanos.getAsLong() - begin);
            }
            return isDelivered();
        }
    }

    public Traffic traffic() {
        synchronized (lock) {
            return new Traffic(outgoing.start(), receiving.expected(), dropped);
        }
    }

    private Optional<Arrival> next() {
        return read.next().or(() -> lost);
    }

    private boolean isOpen() {
        return lost.isEmpty() && !written.isEnded();
    }

    /** Whether anything is to be heard or said yet. */
    private boolean isLive() {
        return lost.isEmpty() && !(read.isEnded() && isDelivered());
    }

    private void lose(String reason) {
        if (lost.isEmpty()) {
            lost = Optional.of(new Arrival.Lost(reason));
            lock.notifyAll();
        }
    }

    private void handOn() {
        synchronized (lock) {
            if (handingOn) {
                return; // who does finds what there is to send now, too
            }
            handingOn = true;
        }
        boolean done = false;
        try {
            for (Optional<byte[]> frame = frame(); frame.isPresent(); frame = frame()) {
                frames.accept(frame.get());
            }
            done = true;
        } finally {
            if (!done) {
                synchronized (lock) {
                    handingOn = false;
                }
            }
        }
    }

    /** The next frame, sealed only when it can be handed on; with none, whoever comes next looks again. */
    private Optional<byte[]> frame() {
        synchronized (lock) {
            long now = nanos.getAsLong();
            Optional<Sending.Piece> piece = lost.isPresent() ? Optional.empty() : sending.next(now);
            boolean speaks = piece.isPresent()
                    || (lost.isEmpty() && receiving.isOwed())
                    || (isLive() && now - spokeAt >= KEEP_ALIVE.toNanos());
            if (!speaks) {
                handingOn = false;
                return Optional.empty();
            }
            spokeAt = now;
            Sending.Piece said = piece.orElseGet(() -> new Sending.Piece(false, sending.next(), new byte[0]));
            return Optional.of(sealing.seal(receiving.with(said).write()));
        }
    }
}
