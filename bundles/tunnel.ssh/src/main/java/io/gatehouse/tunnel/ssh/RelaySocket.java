package io.gatehouse.tunnel.ssh;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apache.sshd.common.io.AbstractIoWriteFuture;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a relay, as MINA sees it. A write returns when the kernel has all bytes, so nothing is ever held for a relay that does
 * not read; whoever writes then waits, until this is closed. One thread reads.
 */
final class RelaySocket extends AbstractCloseable implements IoSession {
    private static final Logger LOG = System.getLogger(RelaySocket.class.getName());
    private static final AtomicLong IDS = new AtomicLong();

    /** More than one packet of the largest that is asked for. */
    private static final int READ_BYTES = 64 * 1024;

    private final long id = IDS.incrementAndGet();
    private final Map<Object, Object> attributes = new ConcurrentHashMap<>();
    private final ReentrantLock writing = new ReentrantLock();
    private final RelayIo service;
    private final IoHandler handler;
    private final SocketChannel channel;
    private final SocketAddress local;
    private final SocketAddress remote;
    private final LongSupplier nanoTime;
    private volatile long heard;
    private volatile long writingSince;
    private volatile boolean isWriting;

    RelaySocket(RelayIo service, IoHandler handler, SocketChannel channel, LongSupplier nanoTime) throws IOException {
        this.service = service;
        this.handler = handler;
        this.channel = channel;
        this.local = channel.getLocalAddress();
        this.remote = channel.getRemoteAddress();
        this.nanoTime = nanoTime;
        this.heard = nanoTime.getAsLong();
    }

    /** Begins to read. */
    void start() {
        Thread reader = new Thread(this::read, "tunnel-relay-" + id);
        reader.setDaemon(true);
        reader.start();
    }

    /** Nanoseconds since the last byte came from the relay. */
    long silence() {
        return nanoTime.getAsLong() - heard;
    }

    /** For how many nanoseconds the kernel has been taking nothing of one packet; 0 where nobody waits for that. */
    long stalled() {
        return isWriting ? nanoTime.getAsLong() - writingSince : 0;
    }

    private void read() {
        byte[] bytes = new byte[READ_BYTES];
        ByteBuffer into = ByteBuffer.wrap(bytes);
        try {
            while (channel.read(into.clear()) >= 0) {
                heard = nanoTime.getAsLong();
                received(new ByteArrayBuffer(bytes, 0, into.position()));
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the relay at " + remote + " is gone", e);
        } finally {
            close(true);
        }
    }

    private void received(Buffer bytes) throws IOException {
        try {
            handler.messageReceived(this, bytes);
        } catch (Exception e) { // of MINA, which is told what it threw; so its own transports do it
            caught(e);
        }
    }

    private void caught(Exception cause) throws IOException {
        try {
            handler.exceptionCaught(this, cause);
        } catch (Exception e) { // of MINA: then there is nothing left to be told
            throw new IOException("cannot go on with the relay at " + remote, e);
        }
    }

    @Override
    public IoWriteFuture writeBuffer(Buffer buffer) {
        ByteBuffer bytes = ByteBuffer.wrap(buffer.array(), buffer.rpos(), buffer.available());
        writing.lock();
        try {
            if (isClosing()) {
                throw new ClosedChannelException();
            }
            writingSince = nanoTime.getAsLong();
            isWriting = true;
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return AbstractIoWriteFuture.fulfilled(remote, true);
        } catch (IOException e) {
            close(true);
            return AbstractIoWriteFuture.fulfilled(remote, e);
        } finally {
            isWriting = false;
            writing.unlock();
        }
    }

    @Override
    protected void doCloseImmediately() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "cannot close the connection to " + remote, e);
        }
        service.forget(this);
        try {
            handler.sessionClosed(this);
        } catch (Exception e) { // of MINA: it is closed nevertheless
            LOG.log(Level.DEBUG, "a session with " + remote + " did not close well", e);
        }
        super.doCloseImmediately();
    }

    @Override
    public long getId() {
        return id;
    }

    @Override
    public @Nullable SocketAddress getAcceptanceAddress() {
        return null;
    }

    @Override
    public SocketAddress getRemoteAddress() {
        return remote;
    }

    @Override
    public SocketAddress getLocalAddress() {
        return local;
    }

    @Override
    public @Nullable Object getAttribute(Object key) {
        return attributes.get(key);
    }

    @Override
    public @Nullable Object setAttribute(Object key, Object value) {
        return attributes.put(key, value);
    }

    @Override
    public @Nullable Object setAttributeIfAbsent(Object key, Object value) {
        return attributes.putIfAbsent(key, value);
    }

    @Override
    public @Nullable Object removeAttribute(Object key) {
        return attributes.remove(key);
    }

    @Override
    public IoService getService() {
        return service;
    }

    @Override
    public void shutdownOutputStream() throws IOException {
        channel.shutdownOutput();
    }

    /** Nobody here asks for that: a reader that has to wait waits by itself. */
    @Override
    public void suspendRead() {}

    @Override
    public void resumeRead() {}
}
