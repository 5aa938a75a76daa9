package io.gatehouse.tunnel.ssh;

import java.io.IOException;
import java.util.Optional;
import org.apache.sshd.client.future.DefaultOpenFuture;
import org.apache.sshd.client.future.OpenFuture;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.LocalWindow;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.threads.CloseableExecutorService;
import org.apache.sshd.server.channel.AbstractServerChannel;
import org.jspecify.annotations.Nullable;

/** One connection's way through the session. Its calls come on the thread that reads from the relay, where nothing here waits. */
final class ForwardedChannel extends AbstractServerChannel {
    private final @Nullable Forward forward;
    private volatile @Nullable Connection connection;

    /** One in a session with this forward, or with none. */
    ForwardedChannel(@Nullable Forward forward) {
        super((CloseableExecutorService) null);
        this.forward = forward;
    }

    @Override
    protected OpenFuture doInit(Buffer buffer) {
        OpenFuture opened = new DefaultOpenFuture(this, this);
        String host = buffer.getString();
        long port = buffer.getUInt();
        Forward asked = forward;
        Optional<String> refusal = asked == null ? Optional.of("no forward was asked for") : asked.refusal(host, port);
        if (asked == null || refusal.isPresent()) {
            refuse(opened, SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED, refusal.orElse(""));
        } else if (asked.traffic().connect(asked.most())) {
            begin(asked, opened);
        } else {
            refuse(
                    opened,
                    SshConstants.SSH_OPEN_RESOURCE_SHORTAGE,
                    asked.most() + " connections are open; no more are permitted");
        }
        return opened;
    }

    private void begin(Forward asked, OpenFuture opened) {
        try {
            LocalWindow window = getLocalWindow();
            window.consume(Math.max(0, window.getMaxSize() - Lead.LEAST_BYTES)); // so it opens by the least of a lead
            Connection begun = new Connection(this, asked, () -> opened(opened), why -> {
                refuse(opened, SshConstants.SSH_OPEN_CONNECT_FAILED, why);
            });
            connection = begun;
            addCloseFutureListener(closed -> begun.channelClosed());
            asked.pump().add(begun);
        } catch (IOException e) {
            asked.traffic().disconnect();
            refuse(opened, SshConstants.SSH_OPEN_CONNECT_FAILED, "cannot begin to connect: " + e.getMessage());
        }
    }

    private void opened(OpenFuture opened) {
        signalChannelOpenSuccess();
        opened.setOpened();
    }

    /** MINA says so to the relay, and would keep the channel. */
    private void refuse(OpenFuture opened, int reason, String detail) {
        opened.setException(new SshChannelOpenException(getChannelId(), reason, detail));
        close(true);
    }

    /** Sends a packet that was filled by {@link Connection}; waits for the network. */
    boolean send(Buffer packet, int bytes) throws IOException {
        getRemoteWindow().consume(bytes);
        IoWriteFuture written = writePacket(packet);
        return written.isDone();
    }

    /** Says that no more comes from the target. */
    void sendEnd() throws IOException {
        sendEof();
    }

    @Override
    protected void doWriteData(byte[] data, int off, long len) throws IOException {
        Connection to = connection;
        if (to != null) {
            to.deliver(data, off, Math.toIntExact(len));
        }
    }

    /** Nothing is defined for that here; it counts, and goes nowhere. */
    @Override
    protected void doWriteExtendedData(byte[] data, int off, long len) throws IOException {
        getLocalWindow().release(len);
    }

    @Override
    public void handleEof() throws IOException {
        super.handleEof();
        Connection to = connection;
        if (to != null) {
            to.relayEnded();
        }
    }

    @Override
    public void handleWindowAdjust(Buffer buffer) throws IOException {
        super.handleWindowAdjust(buffer);
        Connection to = connection;
        if (to != null) {
            to.windowGrew();
        }
    }
}
