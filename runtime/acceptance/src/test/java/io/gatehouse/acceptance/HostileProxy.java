package io.gatehouse.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands between a client and a real broker and makes that one worse, within what MQTT 5 allows or beyond. What it grants it
 * holds a client to: who sends more at a time, or a larger packet, is disconnected, and it is remembered as a
 * {@link #violations() violation}. As long as it is asked for nothing it only counts.
 */
final class HostileProxy implements AutoCloseable {
    private final Access broker;
    private final ServerSocket server;
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger acknowledgements = new AtomicInteger();
    private final AtomicInteger numbered = new AtomicInteger();
    private final AtomicInteger cutsUp = new AtomicInteger();
    private final AtomicInteger cutsDown = new AtomicInteger();
    private final AtomicReference<String> largest = new AtomicReference<>();
    private final Traffic traffic = new Traffic();

    private volatile int receiveMaximum;
    private volatile int maximumPacketSize;
    private volatile int dropped;
    private volatile int losing;
    private volatile boolean sentLargest;
    private volatile boolean doubling;
    private volatile boolean mute;
    private volatile boolean refusing;
    private volatile Duration delay = Duration.ZERO;
    private volatile CountDownLatch thawed = new CountDownLatch(0);

    HostileProxy(URI broker) {
        this(Access.to(broker));
    }

    HostileProxy(Access broker) {
        this.broker = broker;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot stand before " + broker, e);
        }
        Thread acceptor = new Thread(this::accept, "proxy of " + broker);
        acceptor.setDaemon(true);
        acceptor.start();
    }

    /** Where a client is to connect. */
    URI uri() {
        return URI.create("tcp://127.0.0.1:" + server.getLocalPort());
    }

    /** From the next connection on grants this, where it is not 0, whatever the broker grants. */
    HostileProxy granting(int receiveMaximum, int maximumPacketSize) {
        this.receiveMaximum = receiveMaximum;
        this.maximumPacketSize = maximumPacketSize;
        return this;
    }

    /** Keeps each n-th of the broker's acknowledgements to itself; 0 passes all on. */
    HostileProxy droppingAcknowledgement(int nth) {
        dropped = nth;
        return this;
    }

    /** Acknowledges each n-th of what is numbered by {@code seq}, and passes it on to nobody; 0 passes all on. */
    HostileProxy losing(int nth) {
        losing = nth;
        return this;
    }

    /** Passes each of the broker's acknowledgements on twice. */
    HostileProxy doublingAcknowledgements() {
        doubling = true;
        return this;
    }

    /** From the next connection on passes everything on later, both ways. */
    HostileProxy delaying(Duration delay) {
        this.delay = delay;
        return this;
    }

    /** Ends the connection in the middle of so many messages of the client. */
    HostileProxy cuttingInsideFromClient(int messages) {
        cutsUp.set(messages);
        return this;
    }

    /** Ends the connection in the middle of so many messages to the client. */
    HostileProxy cuttingInsideToClient(int messages) {
        cutsDown.set(messages);
        return this;
    }

    /** Sends the client, before the next message, one of 256 MiB less a byte, the most that there is, at this topic. */
    void sendingTheLargest(String topic) {
        largest.set(topic);
    }

    /** Whether all of it has left. */
    boolean sentTheLargest() {
        return sentLargest;
    }

    /** Swallows all that any connection says that there is now; none of them is ever closed. Later ones are served. */
    void swallow() {
        connections.forEach(ProxiedConnection::swallow);
    }

    /** Swallows what later connections say, too, or does so no longer. */
    void mute(boolean mute) {
        this.mute = mute;
    }

    /** Closes what is opened, or does so no longer. */
    void refuse(boolean refuse) {
        refusing = refuse;
    }

    /** How many connections it refused. */
    int refused() {
        return refused.get();
    }

    /** Reads nothing more until it {@link #thaw() thaws}, so that the network in between fills up. */
    void freeze() {
        thawed = new CountDownLatch(1);
    }

    void thaw() {
        thawed.countDown();
    }

    /** Ends all connections, as a lost network does. */
    void cut() {
        connections.forEach(ProxiedConnection::close);
    }

    /** What clients did that they were told not to do. */
    List<String> violations() {
        return violations;
    }

    /** How many connections there were. */
    int connections() {
        return accepted.get();
    }

    /** How many there are now. */
    int open() {
        return connections.size();
    }

    Traffic traffic() {
        return traffic;
    }

    @Override
    public void close() {
        thaw();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + uri(), e);
        }
        cut();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                begin(server.accept());
            } catch (IOException e) {
                // Closed; or the broker is not there, and the client was told so.
            }
        }
    }

    private void begin(Socket client) throws IOException {
        Socket toBroker;
        try {
            if (refusing) {
                throw new IOException("refused");
            }
            toBroker = broker.connect();
        } catch (IOException e) {
            refused.incrementAndGet();
            client.close();
            throw e;
        }
        accepted.incrementAndGet();
        ProxiedConnection connection = new ProxiedConnection(this, client, toBroker, delay);
        connections.add(connection);
        if (mute) {
            connection.swallow();
        }
        connection.begin();
    }

    // --- what a connection asks it -----------------------------------------------------------------------------------

    void ended(ProxiedConnection connection) {
        connections.remove(connection);
    }

    void violated(String how) {
        violations.add(how);
    }

    void awaitThawed() throws InterruptedException {
        thawed.await();
    }

    Packet admitted(Packet connect) {
        return broker.admitted(connect);
    }

    Packet altered(Packet connack) {
        return connack.granting(receiveMaximum, maximumPacketSize);
    }

    boolean isToLose(Packet publish) {
        int nth = losing;
        OptionalLong seq = nth > 0 ? publish.seq() : OptionalLong.empty();
        if (seq.isEmpty() || numbered.incrementAndGet() % nth != 0) {
            return false;
        }
        traffic.lost(seq.getAsLong());
        return true;
    }

    /** How often the next acknowledgement is passed on. */
    int copies() {
        int number = acknowledgements.incrementAndGet();
        if (dropped > 0 && number % dropped == 0) {
            traffic.acknowledgementLost();
            return 0;
        }
        return doubling ? 2 : 1;
    }

    Optional<String> largest() {
        return Optional.ofNullable(largest.getAndSet(null));
    }

    void sentLargest() {
        sentLargest = true;
    }

    boolean isToCut(boolean up) {
        AtomicInteger cuts = up ? cutsUp : cutsDown;
        return cuts.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }
}
