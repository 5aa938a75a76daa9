package io.gatehouse.transport.mqtt;

import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing.Parcel;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttReturnCode;
import org.jspecify.annotations.Nullable;

/**
 * One connection, from CONNECT to its end; the next one is another link, with a Paho client of its own. So nothing that
 * Paho keeps of a lost connection can get in the way of the next: what was on its way goes back to where it came from.
 */
final class Link implements MqttCallback {
    private static final Logger LOG = System.getLogger(Link.class.getName());
    private static final Duration ANSWER = Duration.ofSeconds(30);
    /** Who leaves does not wait for long. */
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private final MqttSettings settings;
    private final Endpoint endpoint;
    private final Inbox inbox;
    private final Refusals refusals;
    private final BiConsumer<Link, String> onLost;
    private final MqttAsyncClient client;
    private final Sockets sockets;
    private final InFlight inFlight;
    private final Acknowledgements acknowledgements;
    private final Complaints complaints = new Complaints();
    private volatile Granted granted = Granted.none();
    private volatile @Nullable IMqttToken connecting;

    /**
     * A link that did not connect yet.
     *
     * @param refusals where messages wait that the broker did not take
     * @param onLost told once or more often when a connection that was up is up no more, and why
     */
    Link(MqttSettings settings, Endpoint endpoint, Inbox inbox, Refusals refusals, BiConsumer<Link, String> onLost)
            throws LinkFailure {
        this.settings = settings;
        this.endpoint = endpoint;
        this.inbox = inbox;
        this.refusals = refusals;
        this.onLost = onLost;
        try {
            sockets = sockets(settings, this::tooLarge);
            inFlight = new InFlight(sockets::gather);
            acknowledgements = new Acknowledgements(
                    settings.address(), inFlight, refusals, complaints, why -> onLost.accept(this, why));
            client = new MqttAsyncClient(
                    addressForPaho(settings.broker()), endpoint.clientId(), new MemoryPersistence());
            UnaliasedState.install(client, settings.window());
            ReasonCodes.teach();
        } catch (MqttException
                | IllegalArgumentException
                | IOException
                | GeneralSecurityException
                | ReflectiveOperationException e) {
            throw new LinkFailure("cannot connect to " + settings.address() + ": " + Reasons.words(e), e);
        }
    }

    /**
     * Connects.
     *
     * @param clean whether the broker is to forget what it holds for this endpoint
     * @return whether it held something: subscriptions, and messages that were not acknowledged
     */
    boolean connect(boolean clean) throws LinkFailure, InterruptedException {
        client.setManualAcks(true);
        client.setCallback(this);
        IMqttToken answer = answer("cannot connect to " + settings.address(), listener -> {
            connecting = client.connect(Connect.options(settings, endpoint, clean, sockets), null, listener);
        });
        granted = Granted.of(answer.getResponseProperties(), settings, endpoint.sessionExpiry());
        inFlight.bound(granted.window(), patience());
        if (answer.getSessionPresent()) {
            inbox.keepOnly(this);
        }
        return answer.getSessionPresent();
    }

    /** What the broker granted when this connected. */
    Granted granted() {
        return granted;
    }

    /** A message whose acknowledgement was lost would otherwise fill its place in the window for ever. */
    private long patience() {
        long seconds = 2L * settings.keepAlive();
        return seconds == 0 ? Long.MAX_VALUE : TimeUnit.SECONDS.toNanos(seconds);
    }

    /**
     * Asks for these subscriptions, and for what is retained there, also where the broker held them before.
     *
     * @return which of them it refuses, and why
     */
    Map<String, String> subscribe(List<String> filters) throws LinkFailure, InterruptedException {
        return refusals(
                filters, answer("cannot subscribe at " + settings.address(), listener -> subscribe(filters, listener)));
    }

    /** Does so without waiting; told afterwards which of them are refused, and why. */
    void subscribe(List<String> filters, Consumer<Map<String, String>> whenDone) {
        try {
            subscribe(filters, new MqttActionListener() {
                @Override
                public void onSuccess(IMqttToken token) {
                    whenDone.accept(refusals(filters, token));
                }

                @Override
                public void onFailure(IMqttToken token, Throwable exception) {
                    // The link is lost, and the next one begins with all of them.
                }
            });
        } catch (MqttException | IllegalArgumentException e) {
            onLost.accept(this, "cannot subscribe at " + settings.address() + ": " + Reasons.words(e));
        }
    }

    private void subscribe(List<String> filters, MqttActionListener listener) throws MqttException {
        MqttSubscription[] wanted = filters.stream()
                .map(filter -> new MqttSubscription(filter, Packets.AT_LEAST_ONCE))
                .toArray(MqttSubscription[]::new);
        client.subscribe(wanted, null, listener, new MqttProperties());
    }

    private static Map<String, String> refusals(List<String> filters, IMqttToken answer) {
        int[] codes = answer.getReasonCodes();
        Map<String, String> refusals = new LinkedHashMap<>();
        for (int i = 0; i < codes.length; i++) {
            if (Reasons.isFailure(codes[i])) {
                refusals.put(filters.get(i), Reasons.words(codes[i]));
            }
        }
        return refusals;
    }

    /** Waits until the broker's window and ours have room for one message more. */
    void awaitRoom() throws LinkFailure, InterruptedException {
        if (!inFlight.awaitRoom()) {
            throw new LinkFailure(lostBecause("the broker does not acknowledge a message within "
                    + TimeUnit.NANOSECONDS.toSeconds(patience()) + " s"));
        }
    }

    /** Sends a message; it is acknowledged later, or returned with {@link #giveUp}. */
    void send(Parcel parcel) throws LinkFailure {
        Message message = parcel.message();
        MqttMessage packet;
        try {
            packet = Packets.outgoing(message, granted.maximumPacketSize());
        } catch (Unsendable e) {
            // As the first in the queue it would hold up all others.
            complaints.dropped(message.topic(), String.valueOf(e.getMessage()));
            parcel.refused(String.valueOf(e.getMessage()));
            return;
        }
        long number = inFlight.add(parcel);
        try {
            client.publish(message.topic(), packet, null, acknowledgements.of(number));
        } catch (MqttException e) {
            throw new LinkFailure(lostBecause(Reasons.words(e)), e);
        }
    }

    /** The endpoint has this message. */
    void acknowledge(int id, int qos) {
        if (qos == 0) {
            return;
        }
        try {
            client.messageArrivedComplete(id, qos);
        } catch (MqttException e) {
            LOG.log(Level.DEBUG, "a message is not acknowledged, and will come again: {0}", Reasons.words(e));
        }
    }

    /**
     * Disconnects in peace: waits until nothing is on its way, then asks the broker to publish the will where the session
     * is kept, which it does if nobody is back within the will delay. Whom nothing reaches is not told.
     *
     * @param nanos the longest that it waits for what is on its way
     */
    void leave(long nanos) throws InterruptedException {
        if (!client.isConnected()) {
            return;
        }
        if (!inFlight.awaitNone(nanos)) {
            // Who does not answer would not hear it, and Paho would leave a thread behind that waits for ever to have
            // said it. To just go means the same where there is a will, and is shorter.
            return;
        }
        boolean kept = !endpoint.sessionExpiry().isZero() && endpoint.will().isPresent();
        int reason =
                kept ? MqttReturnCode.RETURN_CODE_DISCONNECT_WITH_WILL_MESSAGE : MqttReturnCode.RETURN_CODE_SUCCESS;
        try {
            Answer.to(
                    listener -> client.disconnect(0, null, listener, reason, new MqttProperties()),
                    "cannot disconnect",
                    GOODBYE);
        } catch (LinkFailure e) {
            LOG.log(Level.DEBUG, "{0}", e.getMessage());
        }
    }

    /** Ends it however it stands, and returns what was not acknowledged, the oldest first. */
    void giveUp() {
        sockets.close();
        // Before Paho ends its threads, which takes a while: whoever replaces an outbox does not wait for that.
        inFlight.returnAll();
        refusals.returnAll();
        awaitStarted();
        try {
            client.disconnectForcibly(0, 0, false);
        } catch (MqttException e) {
            LOG.log(Level.DEBUG, "{0}", Reasons.words(e));
        }
    }

    /** As its socket is closed, an attempt soon fails. Ended before Paho has started its threads, it would not end at all. */
    private void awaitStarted() {
        IMqttToken attempt = connecting;
        if (attempt == null || attempt.isComplete()) {
            return;
        }
        try {
            attempt.waitForCompletion(GOODBYE.toMillis());
        } catch (MqttException e) {
            LOG.log(Level.TRACE, "{0}", Reasons.words(e));
        }
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) throws InterruptedException {
        inbox.put(this, message.getId(), message.getQos(), Packets.incoming(topic, message));
    }

    @Override
    public void disconnected(MqttDisconnectResponse end) {
        onLost.accept(this, lostBecause(Reasons.words(end)));
    }

    @Override
    public void mqttErrorOccurred(MqttException exception) {
        LOG.log(Level.DEBUG, "{0}", Reasons.words(exception));
    }

    @Override
    public void deliveryComplete(IMqttToken token) {
        // Each message has a listener of its own.
    }

    @Override
    public void connectComplete(boolean reconnect, String serverUri) {
        // Whoever connects waits for the answer.
    }

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {
        // No authentication in several steps is ever offered.
    }

    /**
     * Acknowledges it at once, not when all of it came and all before it was received: where the line is lost until then, the
     * broker would send it again, with each connection.
     */
    private void tooLarge(String topic, int id, int qos, long size) {
        // Nobody asked for more; who sends it all the same hears nothing.
        if (qos == Packets.AT_LEAST_ONCE) {
            acknowledge(id, qos);
        }
        complaints.dropped(
                topic,
                "the broker sends " + size + " bytes, and was told to send " + settings.maximumPacketSize()
                        + " at most");
    }

    private String lostBecause(String why) {
        return "connection to " + settings.address() + " is lost: " + why;
    }

    /** TLS is a matter of {@link Wire}; Paho is to know nothing of it. */
    private static String addressForPaho(Broker broker) {
        return "tcp://" + broker.host() + ":" + broker.port();
    }

    private static Sockets sockets(MqttSettings settings, BoundedPackets.Excess excess)
            throws IOException, GeneralSecurityException {
        Broker broker = settings.broker();
        boolean bracketed = broker.host().startsWith("[");
        String host = bracketed ? broker.host().substring(1, broker.host().length() - 1) : broker.host();
        Optional<Tls> tls = broker.tls() ? Optional.of(Tls.of(settings.security(), broker.trust())) : Optional.empty();
        return new Sockets(tls, host, in -> new BoundedPackets(in, settings.maximumPacketSize(), excess));
    }

    private static IMqttToken answer(String trouble, Answer.Request request) throws LinkFailure, InterruptedException {
        return Answer.to(request, trouble, ANSWER);
    }
}
