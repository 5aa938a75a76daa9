package io.gatehouse.transport.mqtt;

import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing;
import io.gatehouse.api.message.TransportProvider;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is kept up: one link after another, for ever, until it is closed.
 *
 * <p>Two threads: one connects, takes what goes out and pauses; one hands on what came in. Paho has four more while a link
 * is up. An interrupt wakes the first; it is sent only under this object's lock, while the thread said that it may be.
 */
final class MqttConnection implements TransportProvider.Connection {
    private static final Logger LOG = System.getLogger(MqttConnection.class.getName());

    /** How long who closes waits for what is on its way in, and then for what is on its way out. */
    private static final Duration IN = Duration.ofMillis(500);

    private static final Duration OUT = Duration.ofSeconds(1);

    /** More than both take and a good-bye. */
    private static final Duration CLOSE = Duration.ofSeconds(3);

    private final MqttSettings settings;
    private final Endpoint endpoint;
    private final Outgoing outgoing;
    private final Backoff backoff;
    private final Inbox inbox;
    private final Thread thread;

    private boolean closing;
    private boolean wakeable;
    private @Nullable Link link;
    private @Nullable String lost;

    /** The subscriptions that the broker's session is known to hold. */
    private final Set<String> held = new HashSet<>();

    private volatile boolean unreadable;

    /** Gives the connection's threads, Paho's too, a place where their ends are noticed. */
    private final class Threads extends ThreadGroup {
        Threads() {
            super("mqtt");
        }

        @Override
        public void uncaughtException(Thread thread, Throwable failure) {
            LOG.log(Level.ERROR, "thread " + thread.getName() + " ended", failure);
            // Paho ends its receiver by what it cannot decode. The broker would send it again with each connection: the
            // session that holds it is worth less than the connection. Want of memory is no fault of what came.
            unreadable = !(failure instanceof OutOfMemoryError);
            wakeWhereLost("what " + settings.address() + " sends cannot be read: " + failure);
        }
    }

    private record Announcement(Message message) implements Outgoing.Parcel {
        @Override
        public void acknowledged() {
            // Nothing depends on it.
        }

        @Override
        public void returned() {
            // It is made anew for the next link.
        }
    }

    private MqttConnection(MqttSettings settings, Endpoint endpoint, Outgoing outgoing, RandomGenerator random) {
        this.settings = settings;
        this.endpoint = endpoint;
        this.outgoing = outgoing;
        this.backoff = new Backoff(random, System::nanoTime);
        Threads threads = new Threads();
        this.inbox = new Inbox(endpoint, 2 * settings.receiveMaximum(), threads);
        this.thread = new Thread(threads, this::keepUp, "mqtt connection");
        thread.setDaemon(true);
    }

    static MqttConnection open(MqttSettings settings, Endpoint endpoint, Outgoing outgoing, RandomGenerator random) {
        MqttConnection connection = new MqttConnection(settings, endpoint, outgoing, random);
        connection.thread.start();
        connection.inbox.start();
        return connection;
    }

    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            wake();
        }
        try {
            thread.join(CLOSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keepUp() {
        try {
            while (!isClosing()) {
                String why = useOneLink();
                if (isClosing()) {
                    break;
                }
                endpoint.disconnected(why);
                pause();
            }
            inbox.close(0);
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "interrupted on its way out");
        }
    }

    /** Returns why it is no more. */
    private String useOneLink() throws InterruptedException {
        Link current;
        try {
            current = new Link(settings, endpoint, inbox, this::onLost);
        } catch (LinkFailure e) {
            return String.valueOf(e.getMessage());
        }
        String why;
        try {
            begin(current);
            why = use(current);
        } catch (InterruptedException e) {
            why = "interrupted";
        } catch (LinkFailure e) {
            why = String.valueOf(e.getMessage());
        } catch (RuntimeException | Error e) {
            // Somebody else's code, behind Endpoint and Outgoing: whatever it does, a gateway must come back.
            LOG.log(Level.ERROR, "connection is given up and made anew", e);
            why = "connection to " + settings.address() + " is given up: " + e;
        }
        String known = end();
        if (isClosing()) {
            leave(current);
        }
        current.giveUp();
        return known == null ? why : known;
    }

    private String use(Link current) throws LinkFailure, InterruptedException {
        boolean kept = current.connect(unreadable);
        unreadable = false;
        if (!kept) {
            forgetHeld();
        }
        List<String> missing = missing(endpoint.filters());
        current.subscribe(missing);
        hold(current, missing);
        // Whoever sees it online may command it: what it listens to is held by now.
        Optional<Message> online = endpoint.online();
        if (online.isPresent()) {
            current.send(new Announcement(online.get()));
        }
        backoff.connected();
        endpoint.connected(() -> subscribeWhatIsMissing(current));
        while (true) {
            current.awaitRoom();
            current.send(outgoing.take());
        }
    }

    /** Called by any thread. Waits for nothing: what is refused ends the link, as it would have when it began. */
    private void subscribeWhatIsMissing(Link current) {
        List<String> missing = missing(endpoint.filters());
        if (isUp(current)) {
            current.subscribe(missing, failure -> {
                if (failure.isPresent()) {
                    onLost(current, failure.get());
                } else {
                    hold(current, missing);
                }
            });
        }
    }

    private void pause() {
        Duration pause = backoff.next();
        synchronized (this) {
            wakeable = !closing;
        }
        try {
            if (!isClosing()) {
                TimeUnit.MILLISECONDS.sleep(pause.toMillis());
            }
        } catch (InterruptedException e) {
            LOG.log(Level.TRACE, "woken");
        }
        end();
    }

    private void leave(Link current) throws InterruptedException {
        inbox.close(IN.toNanos());
        current.leave(OUT.toNanos());
    }

    private void onLost(Link which, String why) {
        synchronized (this) {
            if (which == link && lost == null) {
                lost = why;
                wake();
            }
        }
    }

    private synchronized void wakeWhereLost(String why) {
        Link current = link;
        if (current != null) {
            onLost(current, why);
        }
    }

    private synchronized boolean isUp(Link which) {
        return which == link && lost == null;
    }

    private synchronized void forgetHeld() {
        held.clear();
    }

    private synchronized List<String> missing(List<String> filters) {
        return filters.stream().filter(filter -> !held.contains(filter)).toList();
    }

    private synchronized void hold(Link which, List<String> filters) {
        if (which == link) {
            held.addAll(filters);
        }
    }

    private synchronized boolean isClosing() {
        return closing;
    }

    private synchronized void begin(Link current) throws InterruptedException {
        link = current;
        lost = null;
        wakeable = true;
        if (closing) {
            throw new InterruptedException();
        }
    }

    /** From here on nobody wakes the thread, and nobody has. */
    private synchronized @Nullable String end() {
        link = null;
        wakeable = false;
        Thread.interrupted();
        return lost;
    }

    private synchronized void wake() {
        if (wakeable) {
            thread.interrupt();
        }
    }
}
