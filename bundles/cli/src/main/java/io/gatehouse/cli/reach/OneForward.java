package io.gatehouse.cli.reach;

import java.util.OptionalInt;
import java.util.Set;
import org.apache.sshd.common.forward.PortForwardingEventListener;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.apache.sshd.server.forward.ForwardingFilter;
import org.jspecify.annotations.Nullable;

/**
 * Permits one listener on loopback, of the newest session: a device whose connection was lost comes again while the old one still
 * seems to live here, and then gets its port back.
 */
final class OneForward implements ForwardingFilter, PortForwardingEventListener, SessionListener {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1");
    private static final int NONE = -1;

    private int granted;
    private int bound = NONE;

    @Nullable
    private Session current;

    /**
     * A rule.
     *
     * @param port the one that may be listened at; 0 where that is the device's choice
     */
    OneForward(int port) {
        this.granted = port;
    }

    synchronized OptionalInt listening() {
        return bound == NONE ? OptionalInt.empty() : OptionalInt.of(bound);
    }

    @Override
    public void sessionEvent(Session session, Event event) {
        if (event == Event.Authenticated) {
            Session before = takeOver(session);
            if (before != null) {
                before.close(true);
            }
        }
    }

    @Nullable
    private synchronized Session takeOver(Session session) {
        Session before = current;
        current = session;
        bound = NONE;
        return before;
    }

    @Override
    public synchronized void sessionClosed(Session session) {
        if (session == current) {
            current = null;
            bound = NONE;
        }
    }

    @Override
    public synchronized boolean canListen(SshdSocketAddress address, Session session) {
        boolean isSame = granted == 0 || address.getPort() == 0 || address.getPort() == granted;
        return session == current && bound == NONE && isSame && LOOPBACK.contains(address.getHostName());
    }

    @Override
    public synchronized void establishedExplicitTunnel(
            Session session,
            SshdSocketAddress local,
            @Nullable SshdSocketAddress remote,
            boolean localForwarding,
            @Nullable SshdSocketAddress boundAddress,
            @Nullable Throwable reason) {
        if (session == current && boundAddress != null) {
            bound = boundAddress.getPort();
            granted = bound;
        }
    }

    @Override
    public synchronized void tornDownExplicitTunnel(
            Session session,
            SshdSocketAddress address,
            boolean localForwarding,
            @Nullable SshdSocketAddress remoteAddress,
            @Nullable Throwable reason) {
        if (session == current) {
            bound = NONE;
        }
    }

    @Override
    public boolean canConnect(Type type, SshdSocketAddress address, Session session) {
        return false;
    }

    @Override
    public boolean canForwardAgent(Session session, String requestType) {
        return false;
    }

    @Override
    public boolean canForwardX11(Session session, String requestType) {
        return false;
    }
}
