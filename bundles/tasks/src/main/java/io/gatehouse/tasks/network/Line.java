package io.gatehouse.tasks.network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.Locale;

/** A TCP connection that ends with its deadline, and when its thread is interrupted: a channel's socket is closed by that, another is not. */
final class Line implements AutoCloseable {
    private final SocketChannel channel;
    private final String where;
    private final Deadline deadline;

    private Line(SocketChannel channel, String where, Deadline deadline) {
        this.channel = channel;
        this.where = where;
        this.deadline = deadline;
    }

    static Line open(InetAddress address, int port, Deadline deadline) throws Unreached, InterruptedException {
        String where = where(address, port);
        try {
            SocketChannel channel = SocketChannel.open();
            Line line = new Line(channel, where, deadline);
            deadline.watch(channel);
            try {
                channel.connect(new InetSocketAddress(address, port));
                return line;
            } catch (IOException e) {
                line.close();
                throw e;
            }
        } catch (IOException e) {
            throw reason(where, deadline, e);
        }
    }

    /** An address and a port, as one writes them. */
    static String where(InetAddress address, int port) {
        String host = address.getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    Socket socket() {
        return channel.socket();
    }

    /** From now on another deadline counts. */
    Line until(Deadline other) {
        deadline.close();
        other.watch(channel);
        return new Line(channel, where, other);
    }

    /** What is behind an exception that using this line threw. */
    Unreached reason(IOException e) throws InterruptedException {
        return reason(where, deadline, e);
    }

    /** What is behind an exception: an interrupt, a deadline, or whoever is there or not. */
    static Unreached reason(String where, Deadline deadline, IOException e) throws InterruptedException {
        if (Thread.interrupted()) {
            InterruptedException interrupted = new InterruptedException("talking to " + where + " is no longer wanted");
            interrupted.initCause(e);
            throw interrupted;
        }
        if (deadline.hasPassed()) {
            return new Unreached("timed-out", where + " did not answer within " + deadline.words(), e);
        }
        String said = String.valueOf(e.getMessage());
        String low = said.toLowerCase(Locale.ROOT);
        if (e instanceof PortUnreachableException || low.contains("refused")) {
            return new Unreached("refused-by-host", where + " refuses the connection", e);
        }
        if (low.contains("timed out")) {
            return new Unreached("timed-out", where + " did not answer: " + said, e);
        }
        if (e instanceof NoRouteToHostException || low.contains("unreachable")) {
            return new Unreached("unreachable", "there is no way to " + where + ": " + said, e);
        }
        if (low.contains("reset") || low.contains("broken pipe") || low.contains("ended")) {
            return new Unreached("closed-by-host", where + " ended the connection: " + said, e);
        }
        return new Unreached("unreachable", "cannot talk to " + where + ": " + said, e);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // it is given up in any case
        }
    }
}
