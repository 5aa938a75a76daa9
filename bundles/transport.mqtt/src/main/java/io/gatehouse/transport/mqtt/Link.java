package io.gatehouse.transport.mqtt;

import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing.Parcel;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

/**
 * One connection, from CONNECT to its end; the next one is another link, with a Paho client of its own. So nothing that
 * Paho keeps of a lost connection can get in the way of the next: what was on its way goes back to where it came from.
 */
final class Link implements MqttCallback {
    private static final Logger LOG = System.getLogger(Link.class.getName());
    private static final Duration ANSWER = Duration.ofSeconds(30);
    /** Who leaves does not wait for long. */
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private static final int MOST_COMPLAINTS = 32;
    private static final long NO_LIMIT = 268_435_460;

    private final MqttSettings settings;
    private final Endpoint endpoint;
    private final Inbox inbox;
    private final BiConsumer<Link, String> onLost;
    private final MqttAsyncClient client;
    private final Sockets sockets;
    private final InFlight inFlight;
    private final Set<String> complaints = ConcurrentHashMap.newKeySet();
    private volatile long maximumPacketSize = NO_LIMIT;

    private interface Request {
        void send(MqttActionListener listener) throws MqttException;
    }

    /**
     * A link that did not connect yet.
     *
     * @param onLost told once or more often when a connection that was up is up no more, and why
     */
    Link(MqttSettings settings, Endpoint endpoint, Inbox inbox, BiConsumer<Link, String> onLost) throws LinkFailure {
        this.settings = settings;
        this.endpoint = endpoint;
        this.inbox = inbox;
        this.onLost = onLost;
        try {
            sockets = sockets(settings.broker());
            inFlight = new InFlight(sockets::gather);
            client = new MqttAsyncClient(
                    addressForPaho(settings.broker()), endpoint.clientId(), new MemoryPersistence());
            UnaliasedState.install(client, settings.window());
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
            client.connect(Connect.options(settings, endpoint, clean, sockets), null, listener);
        });
        MqttProperties granted = answer.getResponseProperties();
        Integer receiveMaximum = granted.getReceiveMaximum();
        inFlight.bound(
                receiveMaximum == null
                        ? settings.window()
                        : Math.min(settings.window(), Short.toUnsignedInt(receiveMaximum.shortValue())));
        if (granted.getMaximumPacketSize() != null) {
            maximumPacketSize = granted.getMaximumPacketSize();
        }
        if (answer.getSessionPresent()) {
            inbox.keepOnly(this);
        }
        return answer.getSessionPresent();
    }

    /** Holds these subscriptions, and has the broker send what is retained there, also where it held them before. */
    void subscribe(List<String> filters) throws LinkFailure, InterruptedException {
        if (filters.isEmpty()) {
            return;
        }
        IMqttToken answer =
                answer("cannot subscribe at " + settings.address(), listener -> subscribe(filters, listener));
        Optional<String> refusal = refusal(filters, answer);
        if (refusal.isPresent()) {
            throw new LinkFailure(refusal.get());
        }
    }

    /** Does so without waiting; told afterwards why it failed, if it did. */
    void subscribe(List<String> filters, Consumer<Optional<String>> whenDone) {
        if (filters.isEmpty()) {
            return;
        }
        try {
            subscribe(filters, new MqttActionListener() {
                @Override
                public void onSuccess(IMqttToken token) {
                    whenDone.accept(refusal(filters, token));
                }

                @Override
                public void onFailure(IMqttToken token, Throwable exception) {
                    // The link is lost, and the next one begins with all of them.
                }
            });
        } catch (MqttException | IllegalArgumentException e) {
            whenDone.accept(Optional.of("cannot subscribe at " + settings.address() + ": " + Reasons.words(e)));
        }
    }

    private void subscribe(List<String> filters, MqttActionListener listener) throws MqttException {
        MqttSubscription[] wanted = filters.stream()
                .map(filter -> new MqttSubscription(filter, Packets.AT_LEAST_ONCE))
                .toArray(MqttSubscription[]::new);
        client.subscribe(wanted, null, listener, new MqttProperties());
    }

    private Optional<String> refusal(List<String> filters, IMqttToken answer) {
        int[] codes = answer.getReasonCodes();
        for (int i = 0; i < codes.length; i++) {
            if (Reasons.isFailure(codes[i])) {
                return Optional.of(settings.address() + " refuses the subscription to " + filters.get(i) + ": "
                        + Reasons.words(codes[i]));
            }
        }
        return Optional.empty();
    }

    /** Waits until the broker's window and ours have room for one message more. */
    void awaitRoom() throws InterruptedException {
        inFlight.awaitRoom();
    }

    /** Sends a message; it is acknowledged later, or returned with {@link #giveUp}. */
    void send(Parcel parcel) throws LinkFailure {
        Message message = parcel.message();
        MqttMessage packet;
        try {
            packet = Packets.outgoing(message, maximumPacketSize);
        } catch (Unsendable e) {
            // Whoever made it cannot be told any more, and as the first in the queue it would hold up all others.
            sayDropped(message.topic(), String.valueOf(e.getMessage()));
            parcel.acknowledged();
            return;
        }
        long number = inFlight.add(parcel);
        try {
            client.publish(message.topic(), packet, null, new Acknowledgement(number, message.topic()));
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
            // said
            // it. To just go means the same where there is a will, and is shorter.
            return;
        }
        boolean kept = !endpoint.sessionExpiry().isZero() && endpoint.will().isPresent();
        int reason =
                kept ? MqttReturnCode.RETURN_CODE_DISCONNECT_WITH_WILL_MESSAGE : MqttReturnCode.RETURN_CODE_SUCCESS;
        try {
            answer(
                    "cannot disconnect",
                    GOODBYE,
                    listener -> client.disconnect(0, null, listener, reason, new MqttProperties()));
        } catch (LinkFailure e) {
            LOG.log(Level.DEBUG, "{0}", e.getMessage());
        }
    }

    /** Ends it however it stands, and returns what was not acknowledged, the oldest first. */
    void giveUp() {
        sockets.close();
        // Before Paho ends its threads, which takes a while: whoever replaces an outbox does not wait for that.
        inFlight.returnAll();
        try {
            client.disconnectForcibly(0, 0, false);
        } catch (MqttException e) {
            LOG.log(Level.DEBUG, "{0}", Reasons.words(e));
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

    /** Once for each topic: what a broker does not allow once it does not allow the next time either. */
    private void sayDropped(String topic, String why) {
        if (complaints.size() < MOST_COMPLAINTS && complaints.add(topic)) {
            LOG.log(Level.ERROR, "messages at {0} are dropped: {1}", topic, why);
        }
    }

    private String lostBecause(String why) {
        return "connection to " + settings.address() + " is lost: " + why;
    }

    /** TLS is a matter of {@link Wire}; Paho is to know nothing of it. */
    private static String addressForPaho(Broker broker) {
        return "tcp://" + broker.host() + ":" + broker.port();
    }

    private static Sockets sockets(Broker broker) throws IOException, GeneralSecurityException {
        boolean bracketed = broker.host().startsWith("[");
        String host = bracketed ? broker.host().substring(1, broker.host().length() - 1) : broker.host();
        return new Sockets(broker.tls() ? Optional.of(Tls.trusting(broker.trust())) : Optional.empty(), host);
    }

    private static IMqttToken answer(String trouble, Request request) throws LinkFailure, InterruptedException {
        return answer(trouble, ANSWER, request);
    }

    private static IMqttToken answer(String trouble, Duration patience, Request request)
            throws LinkFailure, InterruptedException {
        CompletableFuture<IMqttToken> answer = new CompletableFuture<>();
        try {
            request.send(new Listener(answer));
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (MqttException | IllegalArgumentException e) {
            throw new LinkFailure(trouble + ": " + Reasons.words(e), e);
        } catch (ExecutionException e) {
            throw new LinkFailure(trouble + ": " + Reasons.words(Objects.requireNonNullElse(e.getCause(), e)), e);
        } catch (TimeoutException e) {
            throw new LinkFailure(trouble + ": no answer within " + patience.toSeconds() + " s", e);
        }
    }

    private record Listener(CompletableFuture<IMqttToken> answer) implements MqttActionListener {
        @Override
        public void onSuccess(IMqttToken token) {
            answer.complete(token);
        }

        @Override
        public void onFailure(IMqttToken token, Throwable exception) {
            answer.completeExceptionally(exception);
        }
    }

    /** What the broker says to one message. */
    private final class Acknowledgement implements MqttActionListener {
        private final long number;
        private final String topic;

        Acknowledgement(long number, String topic) {
            this.number = number;
            this.topic = topic;
        }

        @Override
        public void onSuccess(IMqttToken token) {
            int[] codes = token.getReasonCodes();
            int code = codes == null || codes.length == 0 ? 0 : codes[0];
            if (Reasons.isFailure(code) && !Reasons.isForGood(code)) {
                // It may take it later: everything goes back into the queue, and the next link comes after a pause.
                onLost.accept(
                        Link.this,
                        settings.address() + " does not take a message at " + topic + ": " + Reasons.words(code));
                return;
            }
            if (Reasons.isFailure(code)) {
                sayDropped(topic, "the broker says " + Reasons.words(code));
            }
            inFlight.acknowledge(number);
        }

        @Override
        public void onFailure(IMqttToken token, Throwable exception) {
            // The link is lost, and whoever gives it up returns the parcel.
        }
    }
}
