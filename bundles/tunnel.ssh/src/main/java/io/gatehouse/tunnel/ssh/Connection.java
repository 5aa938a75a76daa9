package io.gatehouse.tunnel.ssh;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the target and its channel. What comes from the relay goes into the socket at once; what the socket does not take is
 * held, which is no more than the window, and the window opens only for what it took. What comes from the target is read when the relay's
 * window has room for it, and not held at all. {@link Pump} calls what is not said to be called by the reader of the relay.
 */
final class Connection {
    private static final Logger LOG = System.getLogger(Connection.class.getName());

    /** What is read from the target at once, and what a relay takes in one packet. */
    static final int PACKET_BYTES = 32 * 1024;

    /** How long a target may take for what is left of a connection that the relay closed. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Packets of one connection before another has its turn. */
    private static final int TURN = 8;

    /** How much is held at first; doubled as needed. */
    private static final int FIRST_BYTES = 32 * 1024;

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
    private boolean isClosed;

    /** Guarded by {@code delivery}: bytes for the target, ready to be read; null where there are none. */
    private @Nullable ByteBuffer held;

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
            return isHolding && forward.traffic().now() - closedAt < LINGER_NANOS;
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

    private boolean mayRead() {
        if (isTargetEnded || channel.isClosing()) {
            return false;
        }
        isStarved = true; // before the look, so that a window which grows after it wakes the pump
        boolean isRoom = channel.getRemoteWindow().getSize() > 0;
        if (isRoom) {
            isStarved = false;
        }
        return isRoom && forward.paces().sending().debtNanos() == 0;
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
        forward.paces().sending().take(bytes);
        if (!channel.send(filling, bytes)) {
            forward.pump().loosePacket(); // it is MINA's until it is written
        }
        return bytes == most;
    }

    /** Takes bytes for the target; called by the reader of the relay. */
    void deliver(byte[] data, int off, int len) throws IOException {
        forward.traffic().received(len);
        forward.paces().receiving().take(len);
        boolean isHolding;
        synchronized (delivery) {
            ByteBuffer bytes = ByteBuffer.wrap(data, off, len);
            if (held == null && isConnected) {
                owed += write(bytes);
            }
            isHolding = held == null && bytes.hasRemaining();
            hold(bytes);
        }
        settle();
        if (isHolding || owes()) { // for the target to take it, or for the pace
            forward.pump().wakeup();
        }
    }

    /** Hands to the target what it takes; where it is gone, the channel goes too, and bytes for it go nowhere. */
    private int write(ByteBuffer bytes) {
        int length = bytes.remaining();
        try {
            return socket.write(bytes);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the target " + forward.target() + " takes no more", e);
            bytes.position(bytes.limit());
            channel.close(false);
            return length;
        }
    }

    private void hold(ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return;
        }
        ByteBuffer room = room(held == null ? ByteBuffer.allocate(FIRST_BYTES).limit(0) : held, bytes.remaining());
        int end = room.limit();
        room.limit(end + bytes.remaining());
        room.put(end, bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        held = room;
    }

    /** The same bytes with room for more behind them. They are moved seldom, also where each packet has a single byte. */
    private static ByteBuffer room(ByteBuffer bytes, int more) {
        if (bytes.capacity() - bytes.limit() >= more) {
            return bytes;
        }
        int needed = bytes.remaining() + more;
        return needed <= bytes.capacity() / 2
                ? bytes.compact().flip()
                : ByteBuffer.allocate(2 * needed).put(bytes).flip();
    }

    private void drain() {
        synchronized (delivery) {
            ByteBuffer bytes = held;
            if (bytes != null) {
                owed += write(bytes);
                if (!bytes.hasRemaining()) {
                    held = null;
                }
            }
        }
    }

    /** Opens the window for what the target took, as far as the pace permits; true where something waits for the target. */
    private boolean settle() throws IOException {
        long now = 0;
        boolean isHolding;
        synchronized (delivery) {
            isHolding = held != null;
            if (owed > 0 && forward.paces().receiving().debtNanos() == 0) {
                now = owed;
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
        if (isClosed) {
            return;
        }
        isClosed = true;
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
