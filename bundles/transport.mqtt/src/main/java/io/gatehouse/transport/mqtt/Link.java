package io.gatehouse.transport.mqtt;

import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.Outgoing.Parcel;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
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
    private static final int ANSWER_SECONDS = 30;
    private static final int MOST_COMPLAINTS = 32;
    private static final long NO_LIMIT = 268_435_460;

    private final MqttSettings settings;
    private final Endpoint endpoint;
    private final Inbox inbox;
    private final BiConsumer<Link, String> onLost;
    private final MqttAsyncClient client;
    private final Sockets sockets = new Sockets();
    private final InFlight inFlight = new InFlight();
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
            client = new MqttAsyncClient(settings.address(), endpoint.clientId(), new MemoryPersistence());
            UnaliasedState.install(client, settings.window());
        } catch (MqttException | IllegalArgumentException | ReflectiveOperationException e) {
            throw new LinkFailure("no MQTT client for " + settings.address() + ": " + Reasons.words(e), e);
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

    /** Holds these subscriptions. Retained messages come only where there was no such subscription. */
    void subscribe(List<String> filters) throws LinkFailure, InterruptedException {
        MqttSubscription[] wanted = filters.stream().map(Link::subscription).toArray(MqttSubscription[]::new);
        if (wanted.length == 0) {
            return;
        }
        IMqttToken answer = answer(
                "cannot subscribe at " + settings.address(),
                listener -> client.subscribe(wanted, null, listener, new MqttProperties()));
        int[] codes = answer.getReasonCodes();
        for (int i = 0; i < codes.length; i++) {
            if (Reasons.isFailure(codes[i])) {
                throw new LinkFailure(settings.address() + " refuses the subscription to " + filters.get(i) + ": "
                        + Reasons.words(codes[i]));
            }
        }
    }

    /** Waits until the broker's window and ours have room for one message more. */
    void awaitRoom() throws InterruptedException {
        inFlight.awaitRoom();
    }

    /** Sends a message; it is acknowledged later, or returned with {@link #giveUp}. */
    void send(Parcel parcel) throws LinkFailure {
        Message message = parcel.message();
        MqttMessage packet = Packets.outgoing(message);
        Optional<String> unsendable = Packets.unsendable(message, packet, maximumPacketSize);
        if (unsendable.isPresent()) {
            // Whoever made it cannot be told any more, and as the first in the queue it would hold up all others.
            sayDropped(message.topic(), unsendable.get());
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
     * is kept, which it does if nobody is back within the will delay.
     *
     * @param end by {@link System#nanoTime}, of the waiting
     */
    void leave(long end) throws InterruptedException {
        if (!client.isConnected()) {
            return;
        }
        inFlight.awaitNone(end - System.nanoTime());
        boolean kept = !endpoint.sessionExpiry().isZero() && endpoint.will().isPresent();
        int reason =
                kept ? MqttReturnCode.RETURN_CODE_DISCONNECT_WITH_WILL_MESSAGE : MqttReturnCode.RETURN_CODE_SUCCESS;
        try {
            answer("cannot disconnect", listener -> client.disconnect(0, null, listener, reason, new MqttProperties()));
        } catch (LinkFailure e) {
            LOG.log(Level.DEBUG, "{0}", e.getMessage());
        }
    }

    /** Ends it however it stands, and returns what was not acknowledged, the oldest first. */
    void giveUp() {
        sockets.close();
        try {
            client.disconnectForcibly(0, 0, false);
        } catch (MqttException e) {
            LOG.log(Level.DEBUG, "{0}", Reasons.words(e));
        }
        inFlight.returnAll();
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

    private static MqttSubscription subscription(String filter) {
        MqttSubscription subscription = new MqttSubscription(filter, Packets.AT_LEAST_ONCE);
        subscription.setRetainHandling(1);
        return subscription;
    }

    private static IMqttToken answer(String trouble, Request request) throws LinkFailure, InterruptedException {
        CompletableFuture<IMqttToken> answer = new CompletableFuture<>();
        try {
            request.send(new Listener(answer));
            return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (MqttException | IllegalArgumentException e) {
            throw new LinkFailure(trouble + ": " + Reasons.words(e), e);
        } catch (ExecutionException e) {
            throw new LinkFailure(trouble + ": " + Reasons.words(Objects.requireNonNullElse(e.getCause(), e)), e);
        } catch (TimeoutException e) {
            throw new LinkFailure(trouble + ": no answer within " + ANSWER_SECONDS + " s", e);
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
                // It may take it later: everything goes back into the queue, and the pause before the next link is a
                // rest.
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
