package io.gatehouse.tunnel.ssh;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedByInterruptException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** One session with a relay, in which its forward is up. */
final class Link implements AutoCloseable {
    /** So often the keepalive's time may pass without a byte. */
    private static final int MISSED = 3;

    private final ClientSession session;
    private final RelaySocket socket;
    private final Forward forward;
    private volatile @Nullable String silent;
    private long asked;

    private Link(ClientSession session, Forward forward) {
        this.session = session;
        this.socket = (RelaySocket) session.getIoSession();
        this.forward = forward;
    }

    /**
     * What a link is opened with.
     *
     * @param identity the device's key, or its certificate
     */
    record Way(SshClient client, HostPort relay, String user, KeyPair identity, Duration patience) {}

    /** Is told how far it is. */
    @FunctionalInterface
    interface Progress {
        void at(double ratio, String note);
    }

    /**
     * Connects, is let in, and has the relay listen.
     *
     * @param pinned the keys that the relay may show
     * @param listen the port; 0 where the relay may choose
     * @param forward what the relay's connections are to become; closed with the link, and where there is none
     * @throws Stopped as {@code unreachable}, {@code wrong-host-key}, {@code not-authorized} or {@code forward-refused}
     * @throws InterruptedException where it is no longer wanted; nothing is left of it
     */
    static Link open(Way way, Set<Fingerprint> pinned, int listen, Forward forward, Progress progress)
            throws Stopped, InterruptedException {
        HostKey hostKey = new HostKey(pinned);
        Link link = null;
        try {
            link = new Link(connect(way, hostKey, progress), forward);
            link.session.setAttribute(Forward.KEY, forward);
            link.socket.start();
            link.authenticate(way, hostKey, progress);
            link.forward(way, listen, progress);
            Link opened = link;
            link = null;
            return opened;
        } catch (Stopped e) {
            if (Thread.currentThread().isInterrupted() || isInterrupt(e.getCause())) {
                throw interrupted(way, e);
            }
            throw e;
        } finally {
            if (link != null) {
                link.close();
            }
        }
    }

    /** A time that ran out is no interrupt, though Java has it as one. */
    private static boolean isInterrupt(@Nullable Throwable cause) {
        return cause instanceof ClosedByInterruptException
                || (cause instanceof InterruptedIOException && !(cause instanceof SocketTimeoutException));
    }

    private static InterruptedException interrupted(Way way, Stopped cause) {
        Thread.interrupted(); // the exception says so from here on
        InterruptedException interrupted =
                new InterruptedException("a tunnel by " + way.relay() + " is no longer wanted");
        interrupted.initCause(cause);
        return interrupted;
    }

    private static ClientSession connect(Way way, HostKey hostKey, Progress progress) throws Stopped {
        progress.at(0.1, "resolving " + way.relay());
        try {
            InetSocketAddress address = way.relay().resolve();
            progress.at(0.2, "connecting to " + way.relay());
            return way.client()
                    .connect(way.user(), address, hostKey.context(), null)
                    .verify(way.patience())
                    .getClientSession();
        } catch (UnknownHostException e) {
            throw new Stopped(
                    "unreachable",
                    "cannot resolve the relay's name " + way.relay().host(),
                    e);
        } catch (IOException e) {
            throw new Stopped("unreachable", "cannot connect to the relay " + way.relay() + ": " + text(e), e);
        }
    }

    private void authenticate(Way way, HostKey hostKey, Progress progress) throws Stopped {
        progress.at(0.4, "authenticating as " + way.user());
        session.addPublicKeyIdentity(way.identity());
        try {
            session.auth().verify(way.patience());
        } catch (IOException e) {
            if (hostKey.wrong().isPresent()) {
                throw new Stopped(
                        "wrong-host-key",
                        "the relay " + way.relay() + " shows the key "
                                + hostKey.wrong().get() + ", which is not pinned",
                        e);
            }
            if (isRefusal(e)) {
                throw new Stopped(
                        "not-authorized",
                        "the relay " + way.relay() + " does not let this device in as " + way.user()
                                + "; its key, which tunnel.key tells, or its certificate has to be known there",
                        e);
            }
            throw new Stopped("unreachable", "no session with the relay " + way.relay() + ": " + text(e), e);
        }
    }

    private static boolean isRefusal(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SshException ssh
                    && ssh.getDisconnectCode() == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE) {
                return true;
            }
        }
        return false;
    }

    private void forward(Way way, int listen, Progress progress) throws Stopped, InterruptedException {
        progress.at(0.8, "forwarding");
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        session.addCloseFutureListener(
                closed -> answer.completeExceptionally(new IOException("the relay closed the connection")));
        try {
            Buffer request = session.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST, Long.SIZE);
            request.putString("tcpip-forward");
            request.putBoolean(true);
            request.putString(Forward.HOST);
            request.putUInt(listen);
            // the answer is taken where it is read: behind it may come the first connection
            session.request(request, "tcpip-forward", (cmd, reply) -> answered(answer, listen, cmd, reply));
            int port = answer.get(way.patience().toMillis(), TimeUnit.MILLISECONDS);
            if (port == 0) {
                throw new Stopped(
                        "forward-refused",
                        "the relay " + way.relay() + " does not listen at "
                                + (listen == 0 ? "any port" : "port " + listen)
                                + " of its loopback for " + way.user()
                                + ": the port is in use, or its permitlisten or AllowTcpForwarding forbids it");
            }
        } catch (IOException | ExecutionException | TimeoutException e) {
            throw new Stopped(
                    "unreachable", "the relay " + way.relay() + " did not answer to the forward: " + text(e), e);
        }
    }

    private void answered(CompletableFuture<Integer> answer, int listen, int cmd, Buffer reply) {
        boolean isGranted = cmd == SshConstants.SSH_MSG_REQUEST_SUCCESS;
        int port = isGranted ? (listen == 0 ? reply.getInt() : listen) : 0;
        forward.granted().port(port > 0 && port <= 65_535 ? port : 0);
        answer.complete(forward.granted().port());
    }

    private static String text(Throwable e) {
        Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** The port at which the relay listens. */
    int port() {
        return forward.granted().port();
    }

    /**
     * Carries bytes until the link is gone or closed.
     *
     * @throws IOException where that cannot be done
     */
    void carry() throws IOException {
        Pump pump = forward.pump();
        session.addCloseFutureListener(closed -> pump.stop());
        pump.run();
    }

    /** Asks a relay that is silent for a sign of life, and gives the link up where none comes. Does not wait; for one thread. */
    void watch(Duration keepalive) {
        long bound = MISSED * keepalive.toNanos();
        if (socket.silence() >= bound || socket.stalled() >= bound) {
            silent = (socket.stalled() >= bound ? "the relay took nothing for " : "the relay did not answer for ")
                    + keepalive.multipliedBy(MISSED);
            close();
            return;
        }
        long due = socket.silence() / keepalive.toNanos();
        if (due > asked) {
            forward.pump().ask(this::keepAlive);
        }
        asked = due;
    }

    /** Why it was given up; nothing where it was not. */
    Optional<String> silent() {
        return Optional.ofNullable(silent);
    }

    private void keepAlive() {
        if (session.isClosing()) {
            return;
        }
        Buffer request = session.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST, Long.SIZE);
        request.putString("keepalive@openssh.com");
        request.putBoolean(true);
        try {
            session.request(request, "keepalive@openssh.com", (cmd, reply) -> {}); // that it comes is the answer
        } catch (IOException e) {
            close();
        }
    }

    /** Ends the link at once; any thread. */
    @Override
    public void close() {
        socket.close(true); // first, so that nobody waits for a relay that does not read
        session.close(true);
        forward.pump().stop();
    }

    /** Ends it, and all its connections; by whoever was to call {@link #carry} next, or has called it. */
    void end() {
        close();
        forward.pump().close();
    }
}
