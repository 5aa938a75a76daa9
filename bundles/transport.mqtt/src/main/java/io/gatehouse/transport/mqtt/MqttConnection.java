package io.gatehouse.transport.mqtt;

import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing;
import io.gatehouse.api.message.TransportProvider;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is kept up: one link after another, for ever, until it is closed.
 *
 * <p>Two threads: one connects, takes what goes out and pauses; one hands on what came in. A third is there while the broker
 * refuses something, and Paho has four more while a link is up. An interrupt wakes the first; it is sent only under this
 * object's lock, while the thread said that it may be.
 */
final class MqttConnection implements TransportProvider.Connection {
    private static final Logger LOG = System.getLogger(MqttConnection.class.getName());

    /** How long who closes waits for what is on its way in, and then for what is on its way out. */
    private static final Duration IN = Duration.ofMillis(500);

    private static final Duration OUT = Duration.ofSeconds(1);

    /** More than both take and a good-bye. */
    private static final Duration CLOSE = Duration.ofSeconds(3);

    private static final Duration FIRST_REFUSAL = Duration.ofSeconds(1);

    private final MqttSettings settings;
    private final Endpoint endpoint;
    private final Outgoing outgoing;
    private final Backoff backoff;
    private final Inbox inbox;
    private final Thread thread;
    private final Subscriptions subscriptions;
    private final Later later;
    private final Refusals refusals;

    private boolean closing;
    private boolean wakeable;
    private @Nullable Link link;
    private @Nullable String lost;

    /** What a broker did not take yet, though it is connected. */
    private volatile @Nullable Announcement unsaid;

    private List<String> shortcomings = List.of();

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

    private final class Announcement implements Outgoing.Parcel {
        private final Message message;

        Announcement(Message message) {
            this.message = message;
        }

        @Override
        public Message message() {
            return message;
        }

        @Override
        public void acknowledged() {
            // Nothing depends on it.
        }

        @Override
        public void returned() {
            unsaid = this;
        }

        @Override
        public void refused(String why) {
            // As above; it is in the log.
        }
    }

    private MqttConnection(MqttSettings settings, Endpoint endpoint, Outgoing outgoing, RandomGenerator random) {
        this.settings = settings;
        this.endpoint = endpoint;
        this.outgoing = outgoing;
        this.backoff = new Backoff(random, System::nanoTime);
        Threads threads = new Threads();
        this.inbox = new Inbox(endpoint, 2 * settings.receiveMaximum(), threads);
        this.subscriptions = new Subscriptions(settings.address());
        this.later = new Later(threads);
        this.refusals = new Refusals(later, FIRST_REFUSAL);
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
        } finally {
            later.end();
        }
    }

    /** Returns why it is no more. */
    private String useOneLink() throws InterruptedException {
        Link current;
        try {
            current = new Link(settings, endpoint, inbox, refusals, this::onLost);
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
        boolean clean = unreadable;
        boolean kept = current.connect(clean);
        unreadable = false;
        sayShortcomings(current.granted());
        if (!kept) {
            forgetHeld(clean || endpoint.sessionExpiry().isZero());
        }
        subscribe(current);
        // Whoever sees it online may command it: what it listens to is held by now.
        unsaid = null;
        Optional<Message> online = endpoint.online();
        if (online.isPresent()) {
            current.send(new Announcement(online.get()));
        }
        backoff.connected();
        endpoint.connected(() -> subscribeWhatIsMissing(current));
        while (true) {
            current.awaitRoom();
            Announcement again = unsaid;
            unsaid = null;
            current.send(again == null ? outgoing.take() : again);
        }
    }

    private void sayShortcomings(Granted granted) {
        if (!granted.shortcomings().equals(shortcomings)) {
            shortcomings = granted.shortcomings();
            shortcomings.forEach(what -> LOG.log(Level.WARNING, "{0} {1}", settings.address(), what));
        }
    }

    /** Fails where nothing at all is held: whoever hears nothing is as good as not there. */
    private void subscribe(Link current) throws LinkFailure, InterruptedException {
        List<String> missing = missing(endpoint.filters());
        Map<String, String> refused = new HashMap<>();
        for (List<String> filters :
                Packets.subscriptions(missing, current.granted().maximumPacketSize())) {
            refused.putAll(current.subscribe(filters));
        }
        if (!refused.isEmpty() && refused.size() == missing.size() && holdsNothing()) {
            Map.Entry<String, String> first = refused.entrySet().iterator().next();
            throw new LinkFailure(subscriptions.refusal(first.getKey(), first.getValue()));
        }
        answered(current, missing, refused);
    }

    /** Called by any thread. Waits for nothing. */
    private void subscribeWhatIsMissing(Link current) {
        List<String> missing = missing(endpoint.filters());
        for (List<String> filters :
                Packets.subscriptions(missing, current.granted().maximumPacketSize())) {
            if (isUp(current)) {
                current.subscribe(filters, refused -> answered(current, filters, refused));
            }
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

    private synchronized void forgetHeld(boolean asked) {
        if (!subscriptions.areNone() && !asked) {
            LOG.log(
                    Level.WARNING,
                    "{0} lost the session of {1}, and with it what came meanwhile and is not retained",
                    settings.address(),
                    endpoint.clientId());
        }
        subscriptions.forget();
    }

    private synchronized boolean holdsNothing() {
        return subscriptions.areNone();
    }

    private synchronized List<String> missing(List<String> filters) {
        return subscriptions.missing(filters);
    }

    private synchronized void answered(Link which, List<String> filters, Map<String, String> refused) {
        if (which == link) {
            subscriptions
                    .answered(filters, refused)
                    .ifPresent(pause -> later.after(pause, () -> subscribeWhatIsMissing(which)));
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
