package com.example.amqp;

import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing;
import io.gatehouse.api.message.Outgoing.Parcel;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/**
 * A connection that is kept up: one link after another, until it is closed. One thread connects, takes what goes out, and pauses. An
 * interrupt wakes it; that is sent only under this object's lock, while the thread said that it may be.
 */
final class AmqpConnection implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(AmqpConnection.class.getName());
    private static final long FIRST_PAUSE_MILLIS = 500;
    private static final long LONGEST_PAUSE_MILLIS = 60_000;
    private static final long CLOSE_MILLIS = 3_000;

    private final Broker broker;
    private final SSLContext tls;
    private final Endpoint endpoint;
    private final Outgoing outgoing;
    private final Inbox inbox;
    private final Thread thread = new Thread(this::keepUp, "amqp connection");
    private long pause = FIRST_PAUSE_MILLIS;
    private volatile boolean closing;
    private boolean wakeable;

    /** What is published on every connection, and not kept where it does not arrive: the next one has its own. */
    private record Announcement(Message message) implements Parcel {
        @Override
        public void acknowledged() {
            // Nothing depends on it.
        }

        @Override
        public void returned() {
            // As above.
        }

        @Override
        public void refused(String why) {
            // As above.
        }
    }

    AmqpConnection(Broker broker, SSLContext tls, Endpoint endpoint, Outgoing outgoing) {
        this.broker = broker;
        this.tls = tls;
        this.endpoint = endpoint;
        this.outgoing = outgoing;
        this.inbox = new Inbox(endpoint);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
        inbox.start();
    }

    /** Lets what is on its way arrive, for a second at most, and disconnects. */
    @Override
    public void close() {
        closing = true;
        wake();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        inbox.close();
    }

    private void keepUp() {
        while (!closing) {
            String why = useOneLink();
            if (!closing) {
                endpoint.disconnected(why);
                pause();
            }
        }
    }

    /** Returns why it is no more. */
    private String useOneLink() {
        try (Link link = new Link(broker, tls, endpoint, inbox, this::wake)) {
            open(link);
            // Whoever sees it online may command it: its subscriptions are held by now.
            endpoint.online().ifPresent(message -> send(link, message));
            endpoint.connected(this::wake);
            pause = FIRST_PAUSE_MILLIS;
            while (!closing) {
                link.subscribe(endpoint.filters());
                Parcel parcel = take(link);
                if (parcel != null) {
                    link.send(parcel);
                }
            }
            link.leave();
            return "it was closed";
        } catch (IOException e) {
            return broker + ": " + e.getMessage();
        } catch (InterruptedException e) {
            return broker + ": interrupted";
        } catch (RuntimeException e) {
            // Somebody else's code, behind Endpoint and Outgoing: whatever it does, a gateway must come back.
            LOG.log(Level.ERROR, "connection is given up and made anew", e);
            return broker + " is given up: " + e;
        }
    }

    private void open(Link link) throws IOException, InterruptedException {
        sleepy(true);
        try {
            link.open(endpoint.filters());
        } catch (InterruptedException e) {
            link.requireUp(); // it may have been woken because it is lost, which says more
            throw e;
        } finally {
            sleepy(false);
        }
    }

    private static void send(Link link, Message message) {
        try {
            link.send(new Announcement(message));
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "lost as soon as it was there: {0}", e.getMessage());
        }
    }

    /** The next parcel when there is room for it; null where it was woken before there was one. */
    private Parcel take(Link link) throws IOException {
        sleepy(true);
        try {
            link.awaitRoom();
            return outgoing.take();
        } catch (InterruptedException e) {
            return null;
        } finally {
            sleepy(false);
        }
    }

    /** Anything from nothing to a bound that doubles, so that thousands of devices do not all come back at one moment. */
    private void pause() {
        sleepy(true);
        try {
            if (!closing) {
                TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(pause + 1));
            }
        } catch (InterruptedException e) {
            LOG.log(Level.TRACE, "woken");
        } finally {
            sleepy(false);
        }
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }

    /** The thread says whether it may be woken; when it may not, it was not. */
    private synchronized void sleepy(boolean now) {
        wakeable = now;
        if (!now) {
            Thread.interrupted();
        }
    }

    private synchronized void wake() {
        if (wakeable) {
            thread.interrupt();
        }
    }
}
