package io.gatehouse.tunnel.ssh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.io.DefaultIoConnectFuture;
import org.apache.sshd.common.io.IoAcceptor;
import org.apache.sshd.common.io.IoConnectFuture;
import org.apache.sshd.common.io.IoConnector;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceEventListener;
import org.apache.sshd.common.io.IoServiceFactory;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.jspecify.annotations.Nullable;

/**
 * MINA's way to the network, in place of its own: sockets on which a write waits. That saves its pools of threads, and handing each packet
 * from one thread to another, which is what its own forwarding spends most of its time on. Whoever connects does it in its own thread, and
 * an interrupt ends that. Nothing is read before {@link RelaySocket#start}.
 */
final class RelayIo extends AbstractCloseable implements IoConnector, IoServiceFactory {
    private final Map<Long, IoSession> sessions = new ConcurrentHashMap<>();
    private final Duration patience;
    private final LongSupplier nanoTime;
    private volatile @Nullable IoHandler handler;

    RelayIo(Duration patience, LongSupplier nanoTime) {
        this.patience = patience;
        this.nanoTime = nanoTime;
    }

    @Override
    public IoConnector createConnector(IoHandler handler) {
        this.handler = handler;
        return this;
    }

    @Override
    public IoAcceptor createAcceptor(IoHandler handler) {
        throw new UnsupportedOperationException("nobody connects to a device");
    }

    @Override
    public IoConnectFuture connect(
            SocketAddress address, @Nullable AttributeRepository context, @Nullable SocketAddress local) {
        DefaultIoConnectFuture future = new DefaultIoConnectFuture(address, null);
        try {
            future.setSession(open(address, context));
        } catch (IOException e) {
            future.setException(e);
        }
        return future;
    }

    private RelaySocket open(SocketAddress address, @Nullable AttributeRepository context) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().connect(address, Math.toIntExact(patience.toMillis()));
            RelaySocket socket = new RelaySocket(this, handler(), channel, nanoTime);
            if (context != null) {
                socket.setAttribute(AttributeRepository.class, context);
            }
            created(socket);
            return socket;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private void created(RelaySocket socket) throws IOException {
        sessions.put(socket.getId(), socket);
        try {
            handler().sessionCreated(socket);
        } catch (Exception e) { // of MINA
            socket.close(true);
            throw new IOException("cannot begin a session with " + socket.getRemoteAddress(), e);
        }
    }

    private IoHandler handler() {
        IoHandler known = handler;
        if (known == null) {
            throw new UncheckedIOException(new IOException("no connector was asked for"));
        }
        return known;
    }

    void forget(RelaySocket socket) {
        sessions.remove(socket.getId());
    }

    @Override
    public Map<Long, IoSession> getManagedSessions() {
        return Collections.unmodifiableMap(sessions);
    }

    @Override
    protected void doCloseImmediately() {
        sessions.values().forEach(session -> session.close(true));
        super.doCloseImmediately();
    }

    @Override
    public @Nullable IoServiceEventListener getIoServiceEventListener() {
        return null;
    }

    @Override
    public void setIoServiceEventListener(IoServiceEventListener listener) {
        // nobody is told: a Link watches its own socket
    }
}
