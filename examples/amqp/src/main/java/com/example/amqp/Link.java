package com.example.amqp;

import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing.Parcel;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.engine.Connection;
import org.apache.qpid.protonj2.engine.Engine;
import org.apache.qpid.protonj2.engine.EngineFactory;
import org.apache.qpid.protonj2.engine.IncomingDelivery;
import org.apache.qpid.protonj2.engine.OutgoingDelivery;
import org.apache.qpid.protonj2.engine.Receiver;
import org.apache.qpid.protonj2.engine.Sender;
import org.apache.qpid.protonj2.engine.Session;
import org.apache.qpid.protonj2.engine.impl.ProtonDeliveryTagGenerator;
import org.apache.qpid.protonj2.engine.sasl.client.SaslAuthenticator;
import org.apache.qpid.protonj2.engine.sasl.client.SaslCredentialsProvider;
import org.apache.qpid.protonj2.types.UnsignedLong;
import org.apache.qpid.protonj2.types.messaging.Accepted;
import org.apache.qpid.protonj2.types.messaging.Rejected;
import org.apache.qpid.protonj2.types.transport.DeliveryState;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;

/**
 * One connection to the broker, from its begin to its end; the next one is another link. The engine of ProtonJ2 knows AMQP and nothing
 * of threads: whoever calls it, and so whatever it calls, holds this object's lock. A thread of its own reads.
 */
final class Link implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Link.class.getName());

    /** Messages on their way out at a time, at most; and of each subscription in. */
    private static final int WINDOW = 100;

    private static final int CREDIT = 8;

    /** A document has 256 KiB at most; whatever is larger was not meant for a device. */
    private static final int LARGEST_MESSAGE = 320 * 1024;

    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private final Endpoint endpoint;
    private final Inbox inbox;
    private final Runnable onLost;
    private final Wire wire;
    private final Engine engine;
    private final Connection connection;
    private final Session session;
    private final Sender sender;
    private final Map<String, Receiver> receivers = new HashMap<>();
    private final Map<OutgoingDelivery, Parcel> inFlight = new LinkedHashMap<>();
    private String lost;

    /**
     * Connects; {@link #open} goes on.
     *
     * @param onLost told once or more often when it is of no more use
     */
    Link(Broker broker, SSLContext tls, Endpoint endpoint, Inbox inbox, Runnable onLost) throws IOException {
        this.endpoint = endpoint;
        this.inbox = inbox;
        this.onLost = onLost;
        wire = new Wire(broker, tls);
        engine = EngineFactory.PROTON.createEngine();
        engine.outputHandler(this::write);
        engine.errorHandler(failed -> lose(String.valueOf(failed.failureCause().getMessage())));
        engine.saslDriver().client().setListener(new SaslAuthenticator(new Entry(), new Credentials(broker, wire.shown())));
        connection = engine.start();
        connection
                .setContainerId(endpoint.clientId())
                .setHostname(broker.host())
                .setIdleTimeout(TimeUnit.MINUTES.toMillis(1))
                .closeHandler(closed -> lose("the broker closes it: " + words(closed.getRemoteCondition())));
        session = connection.session();
        session.closeHandler(closed -> lose("the broker ends the session: " + words(closed.getRemoteCondition())));
        sender = session.sender("out");
        sender.setDeliveryTagGenerator(ProtonDeliveryTagGenerator.BUILTIN.POOLED.createGenerator());
    }

    /** Who one is, by SASL: by TLS, by a password, or nobody in particular. */
    private record Credentials(Broker broker, Principal localPrincipal) implements SaslCredentialsProvider {
        @Override
        public String vhost() {
            return broker.host();
        }

        @Override
        public String username() {
            return broker.username().isEmpty() ? null : broker.username();
        }

        @Override
        public String password() {
            return broker.password().isEmpty() ? null : broker.password();
        }
    }

    /** Begins, and returns when the broker lets messages out and holds the subscriptions. */
    void open(List<String> filters) throws IOException, InterruptedException {
        Thread reader = new Thread(this::read, "amqp reader");
        reader.setDaemon(true);
        synchronized (this) {
            connection.open();
            session.open();
            // No address: each message has its own.
            sender.setSource(Terminus.source())
                    .setTarget(Terminus.anyTopic())
                    .creditStateUpdateHandler(any -> notifyAll())
                    .deliveryStateUpdatedHandler(this::answered)
                    .detachHandler(this::refused)
                    .closeHandler(this::refused)
                    .open();
        }
        reader.start();
        subscribe(filters);
        synchronized (this) {
            long end = System.nanoTime() + ANSWER.toNanos();
            while (!isReady() && awaitChange(end)) {
                LOG.log(Level.TRACE, "something changed");
            }
            if (!isReady()) {
                throw new IOException("no answer within " + ANSWER.toSeconds() + " s");
            }
        }
    }

    private boolean isReady() {
        return sender.isSendable()
                && receivers.values().stream().allMatch(one -> one.isRemotelyOpen() && one.getRemoteSource() != null);
    }

    /** Asks for those of these subscriptions that it has not asked for. */
    synchronized void subscribe(List<String> filters) throws IOException {
        for (String filter : filters) {
            requireUp();
            if (!receivers.containsKey(filter)) {
                String address = Addresses.of(filter);
                Receiver receiver = session.receiver(address);
                receivers.put(filter, receiver);
                receiver.setSource(Terminus.subscription(
                                address, !endpoint.sessionExpiry().isZero()))
                        .setTarget(Terminus.target())
                        .deliveryReadHandler(this::arrived)
                        .detachHandler(this::refused)
                        .closeHandler(this::refused)
                        .open()
                        .addCredit(CREDIT);
            }
        }
    }

    /** Waits until one message more may be on its way. */
    synchronized void awaitRoom() throws IOException, InterruptedException {
        while (inFlight.size() >= WINDOW || !sender.isSendable()) {
            boolean unused = awaitChange(Long.MAX_VALUE);
        }
        requireUp();
    }

    /** Sends a message; its parcel is answered later, or returned with {@link #close}. */
    synchronized void send(Parcel parcel) throws IOException {
        ProtonBuffer bytes;
        try {
            bytes = encoded(parcel.message());
        } catch (IllegalArgumentException e) {
            refuse(parcel, String.valueOf(e.getMessage())); // as the first in the queue it would hold up all others
            return;
        }
        if (lost != null || !sender.isSendable()) {
            parcel.returned();
            return;
        }
        OutgoingDelivery delivery = sender.next();
        inFlight.put(delivery, parcel);
        delivery.writeBytes(bytes);
        if (bytes.isReadable()) {
            throw new IOException("the broker's window is smaller than a message at "
                    + parcel.message().topic());
        }
    }

    /** The bytes of a message; an {@link IllegalArgumentException} where it cannot be sent, however often. */
    private ProtonBuffer encoded(Message message) {
        ProtonBuffer bytes = Messages.encode(message);
        UnsignedLong most = sender.getRemoteMaxMessageSize();
        if (most != null && most.longValue() > 0 && bytes.getReadableBytes() > most.longValue()) {
            throw new IllegalArgumentException(
                    "its " + bytes.getReadableBytes() + " bytes are more than the broker takes: " + most);
        }
        return bytes;
    }

    /** What the broker says to a message: it has it, will never take it, or does not take it now, and others neither. */
    private void answered(OutgoingDelivery delivery) {
        DeliveryState state = delivery.getRemoteState();
        if (state == null || lost != null) {
            return; // not yet, or too late: it is sent again
        }
        if (state instanceof Accepted) {
            inFlight.remove(delivery).acknowledged();
        } else if (state instanceof Rejected rejected && isForGood(rejected.getError())) {
            refuse(inFlight.remove(delivery), words(rejected.getError()));
        } else {
            lose("the broker does not take a message: " + state);
        }
        delivery.settle();
        notifyAll();
    }

    private void refuse(Parcel parcel, String why) {
        LOG.log(Level.WARNING, "message at {0} is let go: {1}", parcel.message().topic(), why);
        parcel.refused(why);
    }

    private static boolean isForGood(ErrorCondition error) {
        return error == null || !error.getCondition().toString().contains("resource-limit");
    }

    private void arrived(IncomingDelivery delivery) {
        if (delivery.available() > LARGEST_MESSAGE) {
            delivery.setLinkedResource(delivery); // marks it, so that the rest is not kept either
        }
        ProtonBuffer bytes = delivery.isPartial() && delivery.getLinkedResource() == null ? null : delivery.readAll();
        if (delivery.isPartial()) {
            return;
        }
        try {
            if (delivery.getLinkedResource() != null || bytes == null) {
                throw new IllegalArgumentException("it is larger than " + LARGEST_MESSAGE + " bytes, or empty");
            }
            Message message = Messages.decode(bytes);
            inbox.put(new Inbox.Arrival(message, () -> received(delivery)));
        } catch (IllegalArgumentException e) {
            LOG.log(
                    Level.WARNING,
                    "a message at {0} is not taken: {1}",
                    delivery.getLink().getName(),
                    e.getMessage());
            received(delivery);
        }
    }

    /** It will not come again, and another may. */
    private synchronized void received(IncomingDelivery delivery) {
        if (lost == null) {
            delivery.disposition(Accepted.getInstance(), true);
            delivery.getLink().addCredit(1);
        }
    }

    private void refused(org.apache.qpid.protonj2.engine.Link<?> refused) {
        lose("the broker refuses \"" + refused.getName() + "\": " + words(refused.getRemoteCondition()));
    }

    private static String words(ErrorCondition error) {
        return error == null
                ? "it says nothing more"
                : error.getCondition() + (error.getDescription() == null ? "" : " (" + error.getDescription() + ")");
    }

    private void read() {
        try {
            while (true) {
                ProtonBuffer bytes = wire.read();
                synchronized (this) {
                    if (bytes != null) {
                        engine.accept(bytes);
                    }
                    // Says that this side is still there, or finds that the other one is not.
                    long next = engine.tick(TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
                    LOG.log(Level.TRACE, "next sign of life by {0}", next);
                    notifyAll();
                }
            }
        } catch (IOException | RuntimeException e) {
            // The engine says by several exceptions what it cannot read, or that it was told to end.
            lose(String.valueOf(e.getMessage()));
        }
    }

    private void write(ProtonBuffer bytes) {
        try {
            wire.write(bytes);
        } catch (IOException e) {
            lose(String.valueOf(e.getMessage()));
        }
    }

    private void lose(String why) {
        synchronized (this) {
            if (lost == null) {
                lost = why;
                notifyAll();
            }
        }
        onLost.run();
    }

    /** False where it is later than this, as {@link System#nanoTime} counts. */
    private boolean awaitChange(long end) throws IOException, InterruptedException {
        requireUp();
        long left = end == Long.MAX_VALUE ? end : end - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            requireUp();
        }
        return left > 0;
    }

    /** Fails with the reason where it is of no more use. */
    synchronized void requireUp() throws IOException {
        if (lost != null) {
            throw new IOException(lost);
        }
    }

    /** Disconnects in peace: waits a second for what is on its way. The broker keeps the subscriptions. */
    synchronized void leave() throws InterruptedException {
        try {
            long end = System.nanoTime() + GOODBYE.toNanos();
            while (!inFlight.isEmpty() && awaitChange(end)) {
                LOG.log(Level.TRACE, "something was acknowledged");
            }
            connection.close();
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "lost before it was left: {0}", e.getMessage());
        }
    }

    /** Ends it however it stands, and returns what was not acknowledged, the oldest first. */
    @Override
    public void close() {
        wire.close(); // before the lock is asked for: who holds it may be writing to a line that stands still
        List<Parcel> unanswered;
        synchronized (this) {
            lose("it was closed");
            unanswered = new ArrayList<>(inFlight.values());
            inFlight.clear();
        }
        unanswered.forEach(Parcel::returned);
        inbox.forget();
    }
}
