package io.gatehouse.tunnel.ssh;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the target and its channel. What comes from the relay goes into the socket at once; what the socket does not take is
 * held, and the window opens only for what it took, as {@link Lead} permits. What comes from the target is read when the relay's
 * window has room for it, and not held at all. {@link Pump} calls what is not said to be called by the reader of the relay.
 */
final class Connection {
    private static final Logger LOG = System.getLogger(Connection.class.getName());

    /** What is read from the target at once, and what a relay takes in one packet. */
    static final int PACKET_BYTES = 32 * 1024;

    /** Packets of one connection before another has its turn. */
    private static final int TURN = 8;

    private final ForwardedChannel channel;
    private final Forward forward;
    private final SocketChannel socket;
    private final Runnable opened;
    private final Consumer<String> failed;
    private final Object delivery = new Object();

    private @Nullable SelectionKey key;
    private boolean isTargetEnded;
    private boolean isOutputShut;
    private volatile boolean isConnected;
    private volatile boolean isRelayEnded;
    private volatile boolean isChannelClosed;
    private volatile boolean isStarved;
    private volatile long closedAt;

    /** Guarded by {@code delivery}. */
    private boolean isClosed;

    /** Guarded by {@code delivery}: bytes for the target. */
    private final Backlog held = new Backlog();

    /** Guarded by {@code delivery}. */
    private final Lead lead;

    /** Guarded by {@code delivery}: what the target took and the relay was not told. */
    private long owed;

    /**
     * Begins to connect.
     *
     * @param opened is run when the target took it
     * @param failed is told why not
     */
    Connection(ForwardedChannel channel, Forward forward, Runnable opened, Consumer<String> failed) throws IOException {
        this.channel = channel;
        this.forward = forward;
        this.opened = opened;
        this.failed = failed;
        this.lead =
                new Lead(forward.bounds().reserve(), channel.getLocalWindow().getMaxSize());
        this.socket = SocketChannel.open();
        try {
            socket.configureBlocking(false);
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Goes to the selector; false where the target is not to be had. */
    boolean register(Selector selector) {
        try {
            SelectionKey mine = socket.register(selector, SelectionKey.OP_CONNECT, this);
            key = mine;
            return !socket.connect(forward.target()) || connected();
        } catch (IOException e) {
            failed.accept(forward.target() + ": " + e.getMessage());
            return false;
        }
    }

    private boolean connected() {
        isConnected = true;
        opened.run();
        return true;
    }

    /** What is to be waited for; false where all is over. */
    boolean prepare() throws IOException {
        SelectionKey mine = key;
        if (mine == null || !mine.isValid()) {
            return false;
        }
        if (!isConnected) {
            return !isChannelClosed;
        }
        boolean isHolding = settle();
        if (isChannelClosed) {
            mine.interestOps(isHolding ? SelectionKey.OP_WRITE : 0);
            return isHolding && lingerNanos() > 0;
        }
        if (isRelayEnded && !isHolding && !isOutputShut) {
            isOutputShut = true;
            socket.shutdownOutput();
        }
        if (isOutputShut && isTargetEnded) {
            channel.close(false); // the rest is told by channelClosed
        }
        mine.interestOps((isHolding ? SelectionKey.OP_WRITE : 0) | (mayRead() ? SelectionKey.OP_READ : 0));
        return true;
    }

    /** For how long a target may still take what is left of a connection that the relay closed. */
    private long lingerNanos() {
        return forward.patience().toNanos() - (forward.traffic().now() - closedAt);
    }

    /** Nanoseconds until it is to be looked after in any case; the longest there are where nothing ends by itself. */
    long dueNanos() {
        return isChannelClosed ? Math.max(0, lingerNanos()) : Long.MAX_VALUE;
    }

    private boolean mayRead() {
        if (isTargetEnded || channel.isClosing()) {
            return false;
        }
        isStarved = true; // before the look, so that a window which grows after it wakes the pump
        boolean isRoom = channel.getRemoteWindow().getSize() > 0;
        if (isRoom) {
            isStarved = false;
        }
        return isRoom && forward.bounds().sending().debtNanos() == 0;
    }

    /** Does what the selector found. */
    void ready() throws IOException {
        SelectionKey mine = key;
        if (mine == null) {
            return;
        }
        if (mine.isConnectable()) {
            finishConnecting();
            return;
        }
        if (mine.isWritable()) {
            drain();
        }
        if (mine.isReadable()) {
            int packets = 0;
            while (packets < TURN && mayRead() && carry()) {
                packets++;
            }
        }
    }

    private void finishConnecting() throws IOException {
        try {
            if (!socket.finishConnect()) {
                return;
            }
        } catch (IOException e) {
            failed.accept(forward.target() + ": " + e.getMessage());
            return;
        }
        connected();
    }

    /** Reads from the target and sends that; false where there was less than there was room for. */
    private boolean carry() throws IOException {
        int most = (int) Math.min(
                PACKET_BYTES,
                Math.min(
                        channel.getRemoteWindow().getSize(),
                        channel.getRemoteWindow().getPacketSize()));
        Buffer filling = forward.pump().packet();
        channel.getSession().prepareBuffer(SshConstants.SSH_MSG_CHANNEL_DATA, filling);
        filling.putUInt(channel.getRecipient());
        int length = filling.wpos();
        filling.putUInt(0);
        int data = filling.wpos();
        int bytes = socket.read(ByteBuffer.wrap(filling.array(), data, most));
        if (bytes < 0) {
            isTargetEnded = true;
            channel.sendEnd();
            return false;
        }
        if (bytes == 0) {
            return false;
        }
        filling.wpos(length);
        filling.putUInt(bytes);
        filling.wpos(data + bytes);
        forward.traffic().sent(bytes);
        forward.bounds().sending().take(bytes);
        if (!channel.send(filling, bytes)) {
            forward.pump().loosePacket(); // it is MINA's until it is written
        }
        return bytes == most;
    }

    /** Takes bytes for the target; called by the reader of the relay. */
    void deliver(byte[] data, int off, int len) throws IOException {
        forward.traffic().received(len);
        forward.bounds().receiving().take(len);
        boolean isHolding;
        synchronized (delivery) {
            if (isClosed) {
                return;
            }
            ByteBuffer bytes = ByteBuffer.wrap(data, off, len);
            if (held.isEmpty() && isConnected) {
                owed += write(bytes);
            }
            isHolding = held.isEmpty() && bytes.hasRemaining();
            held.add(bytes);
        }
        settle();
        if (isHolding || owes()) { // for the target to take it, or for the pace
            forward.pump().wakeup();
        }
    }

    /** Hands to the target what it takes of a packet; where it is gone, bytes for it go nowhere. */
    private long write(ByteBuffer bytes) {
        int length = bytes.remaining();
        try {
            return socket.write(bytes);
        } catch (IOException e) {
            targetGone(e);
            bytes.position(bytes.limit());
            return length;
        }
    }

    private void drain() {
        synchronized (delivery) {
            long length = held.size();
            try {
                held.writeTo(socket);
            } catch (IOException e) {
                targetGone(e);
                held.clear();
            }
            owed += length - held.size();
        }
    }

    private void targetGone(IOException e) {
        LOG.log(Level.DEBUG, "the target " + forward.target() + " takes no more", e);
        channel.close(false);
    }

    /** Opens the window for what the target took, as far as the pace permits; true where something waits for the target. */
    private boolean settle() throws IOException {
        long now = 0;
        boolean isHolding;
        synchronized (delivery) {
            isHolding = !held.isEmpty();
            if (owed > 0 && forward.bounds().receiving().debtNanos() == 0) {
                now = lead.next(owed, isHolding);
                owed = 0;
            }
        }
        if (now > 0 && !channel.isClosing()) {
            channel.getLocalWindow().release(now);
        }
        return isHolding;
    }

    /** Called by the reader of the relay. */
    void relayEnded() {
        isRelayEnded = true;
        forward.pump().wakeup();
    }

    /** Called by the reader of the relay. */
    void windowGrew() {
        if (isStarved) {
            forward.pump().wakeup();
        }
    }

    /** Called by whoever closed the channel. */
    void channelClosed() {
        closedAt = forward.traffic().now();
        isChannelClosed = true;
        forward.pump().wakeup();
    }

    /** Whether bytes of the relay wait for the pace. */
    boolean owes() {
        synchronized (delivery) {
            return owed > 0;
        }
    }

    /** Ends it, whatever is left. */
    void close() {
        synchronized (delivery) {
            if (isClosed) {
                return;
            }
            isClosed = true;
            held.clear();
            lead.end();
        }
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "cannot close the connection to " + forward.target(), e);
        }
        forward.traffic().disconnect();
        if (!channel.isClosing()) {
            channel.close(false);
        }
    }
}
