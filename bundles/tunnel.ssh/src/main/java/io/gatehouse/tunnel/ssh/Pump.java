package io.gatehouse.tunnel.ssh;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/** Moves the bytes of one session's connections, on one thread. */
final class Pump implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Pump.class.getName());

    /** Longest wait for anything, for what nobody wakes it for. */
    private static final long LONGEST_MILLIS = 60_000;

    /** Room before a packet's data, and behind it for padding and what authenticates it. */
    private static final int SLACK_BYTES = 512;

    private final List<Connection> connections = new ArrayList<>();

    private final Queue<Connection> added = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> asked = new ConcurrentLinkedQueue<>();
    private final Selector selector;
    private final Forward.Bounds bounds;
    private @Nullable Buffer packet;
    private volatile boolean isStopped;

    Pump(Forward.Bounds bounds) throws IOException {
        this.selector = Selector.open();
        this.bounds = bounds;
    }

    /** Takes a connection; any thread. */
    void add(Connection connection) {
        added.add(connection);
        if (selector.isOpen()) {
            selector.wakeup();
        } else {
            closeAdded();
        }
    }

    /** Has this done between bytes; any thread. */
    void ask(Runnable task) {
        asked.add(task);
        selector.wakeup();
    }

    /** Has it look again; any thread. */
    void wakeup() {
        selector.wakeup();
    }

    /** Ends {@link #run}; any thread. */
    void stop() {
        isStopped = true;
        selector.wakeup();
    }

    /** Moves bytes until it is stopped. */
    void run() throws IOException {
        while (!isStopped) {
            for (Runnable task = asked.poll(); task != null; task = asked.poll()) {
                task.run();
            }
            begin();
            long wait = prepare();
            if (!isStopped) {
                selector.select(this::ready, Math.max(1, wait));
            }
        }
    }

    private void ready(SelectionKey key) {
        if (!key.isValid() || !(key.attachment() instanceof Connection connection)) {
            return;
        }
        try {
            connection.ready();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a connection broke", e);
            connection.close();
        }
    }

    /** One packet to be filled and written, and used again: a write waits. Only for what is called by {@link #run}. */
    Buffer packet() {
        Buffer known = packet;
        if (known == null) {
            known = new ByteArrayBuffer(new byte[Connection.PACKET_BYTES + SLACK_BYTES], 0, 0);
            packet = known;
        }
        return known;
    }

    /** Leaves that packet to who has it. */
    void loosePacket() {
        packet = null;
    }

    private void begin() {
        for (Connection next = added.poll(); next != null; next = added.poll()) {
            if (next.register(selector)) {
                connections.add(next);
            } else {
                next.close();
            }
        }
    }

    /** Milliseconds until something is to be done by itself. */
    private long prepare() {
        boolean isOwing = false;
        long due = TimeUnit.MILLISECONDS.toNanos(LONGEST_MILLIS);
        for (Iterator<Connection> each = connections.iterator(); each.hasNext(); ) {
            Connection connection = each.next();
            if (!isGoingOn(connection)) {
                each.remove();
                connection.close();
                continue;
            }
            isOwing |= connection.owes();
            due = Math.min(due, connection.dueNanos());
        }
        long debt = Math.max(
                bounds.sending().debtNanos(), isOwing ? bounds.receiving().debtNanos() : 0);
        long wait = debt == 0 || connections.isEmpty() ? due : Math.min(due, debt);
        return TimeUnit.NANOSECONDS.toMillis(wait) + 1;
    }

    private static boolean isGoingOn(Connection connection) {
        try {
            return connection.prepare();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a connection broke", e);
            return false;
        }
    }

    /** Closes all connections. Called when {@link #run} has returned, or never began. */
    @Override
    public void close() {
        connections.forEach(Connection::close);
        connections.clear();
        try {
            selector.close(); // before the look at what was added, so that what comes after it is closed by whoever
            // adds it
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "cannot close a selector", e);
        }
        closeAdded();
    }

    private void closeAdded() {
        for (Connection next = added.poll(); next != null; next = added.poll()) {
            next.close();
        }
    }
}
