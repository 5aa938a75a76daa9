package io.gatehouse.cli.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Message;
import io.gatehouse.api.message.TransportProvider;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * A connection to the broker and, through it, to the devices. What arrives waits here until {@link #next} takes it, so
 * that a command is one loop on one thread; while nobody takes, the transport waits and the broker keeps.
 */
public final class Fleet implements AutoCloseable {
    private static final Duration CONNECTS_WITHIN = Duration.ofSeconds(15);
    private static final Duration ACKNOWLEDGES_WITHIN = Duration.ofSeconds(15);
    private static final int INBOX = 4096;

    private final Broker broker;
    private final String inbox;
    private final SendQueue sending = new SendQueue();
    private final BlockingQueue<Message> arrived = new ArrayBlockingQueue<>(INBOX);
    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final TransportProvider.Connection connection;
    private volatile Runnable connectedAgain = () -> {};

    /**
     * Connects, and holds the subscriptions when this returns.
     *
     * @param filters topic filters to subscribe to, beside the own reply topic
     * @param note is told in words when the connection is lost and found again, from any thread
     * @throws Trouble if no transport speaks the address's scheme, others could listen, or the broker does not take us
     */
    public static Fleet connect(
            Iterable<TransportProvider> transports, URI address, List<String> filters, Consumer<String> note)
            throws Trouble, InterruptedException {
        return connect(transports, address, Security.USUAL, filters, note);
    }

    /** As {@link #connect(Iterable, URI, List, Consumer)}, otherwise than usual. */
    public static Fleet connect(
            Iterable<TransportProvider> transports,
            URI address,
            Security security,
            List<String> filters,
            Consumer<String> note)
            throws Trouble, InterruptedException {
        Broker broker = new Broker(address);
        Fleet fleet = open(transport(transports, broker), broker, security, filters, note);
        try {
            fleet.connected.get(CONNECTS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            return fleet;
        } catch (ExecutionException e) {
            fleet.close();
            throw new Trouble(Trouble.Kind.UNREACHABLE, reason(e), e);
        } catch (TimeoutException e) {
            fleet.close();
            String seconds = CONNECTS_WITHIN.toSeconds() + " s";
            throw new Trouble(Trouble.Kind.UNREACHABLE, "no answer within " + seconds + " from " + broker, e);
        }
    }

    private static Fleet open(
            TransportProvider transport, Broker broker, Security security, List<String> filters, Consumer<String> note)
            throws Trouble {
        try {
            if (!security.plaintext() && transport.othersListen(broker.uri())) {
                throw new Trouble(
                        Trouble.Kind.USAGE,
                        broker + " has no TLS, and is not on this machine: use ssl://, or permit it by --plaintext");
            }
            return new Fleet(transport, broker, security.tls(), filters, note);
        } catch (IllegalArgumentException e) {
            // Without this cause: it may quote the address with its password.
            throw new Trouble(Trouble.Kind.USAGE, broker + " is no address of a broker; write it as tcp://host:1883");
        }
    }

    private static String reason(ExecutionException e) {
        Throwable cause = e.getCause();
        return String.valueOf(cause == null ? e : cause.getMessage());
    }

    private Fleet(
            TransportProvider transport,
            Broker broker,
            Optional<SSLContext> tls,
            List<String> filters,
            Consumer<String> note) {
        byte[] random = random(8);
        String name = HexFormat.of().formatHex(random);
        this.broker = broker;
        this.inbox = "reply/" + name;
        List<String> all = new ArrayList<>(filters);
        all.add(inbox);
        Client client = new Client("gatehouse-" + name, List.copyOf(all), note);
        this.connection = tls.isPresent()
                ? transport.open(broker.uri(), tls.get(), client, sending)
                : transport.open(broker.uri(), client, sending);
    }

    private static TransportProvider transport(Iterable<TransportProvider> transports, Broker broker) throws Trouble {
        String scheme = String.valueOf(broker.uri().getScheme());
        for (TransportProvider transport : transports) {
            if (transport.speaks(scheme)) {
                return transport;
            }
        }
        throw new Trouble(
                Trouble.Kind.USAGE,
                "nothing here speaks to " + broker + ": give the broker as tcp://host:1883 or ssl://host:8883");
    }

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    public Broker broker() {
        return broker;
    }

    /** Where answers to this program arrive. */
    String inbox() {
        return inbox;
    }

    /** The next message in order of arrival, or nothing where none came in that time. */
    public Optional<Message> next(Duration within) throws InterruptedException {
        return Optional.ofNullable(arrived.poll(Math.max(0, within.toMillis()), TimeUnit.MILLISECONDS));
    }

    /** Has this, and nothing that was named before, told each time that the connection was found again: from any thread, not waiting. */
    public void onConnectedAgain(Runnable told) {
        connectedAgain = told;
    }

    /** Publishes, and waits until the broker has it. */
    public void publish(Message message) throws Trouble, InterruptedException {
        try {
            send(message).get(ACKNOWLEDGES_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new Trouble(
                    Trouble.Kind.REFUSED, broker + " takes nothing at " + message.topic() + ": " + reason(e), e);
        } catch (TimeoutException e) {
            throw new Trouble(
                    Trouble.Kind.UNREACHABLE,
                    broker + " did not acknowledge " + message.topic() + " within " + ACKNOWLEDGES_WITHIN.toSeconds()
                            + " s",
                    e);
        }
    }

    /** Publishes in the background; the future is complete when the broker has it. */
    public CompletableFuture<Void> send(Message message) {
        return sending.put(message);
    }

    /**
     * What the broker had kept for our subscriptions: all that arrives before a message of our own that makes the round
     * trip behind them, and until it is quiet for the grace.
     */
    public List<Message> retained(Duration grace) throws Trouble, InterruptedException {
        byte[] marker = random(16);
        publish(Message.json(inbox, "{}".getBytes(UTF_8)).answering(marker));
        List<Message> kept = new ArrayList<>();
        boolean back = false;
        while (true) {
            Optional<Message> next = next(back ? grace : ACKNOWLEDGES_WITHIN);
            if (next.isEmpty()) {
                return kept;
            }
            byte[] correlation = next.get().correlation().orElse(new byte[0]);
            if (next.get().topic().equals(inbox) && Arrays.equals(correlation, marker)) {
                back = true;
            } else {
                kept.add(next.get());
            }
        }
    }

    @Override
    public void close() {
        connection.close();
    }

    private final class Client implements Endpoint {
        private final String clientId;
        private final List<String> filters;
        private final Consumer<String> note;

        Client(String clientId, List<String> filters, Consumer<String> note) {
            this.clientId = clientId;
            this.filters = filters;
            this.note = note;
        }

        @Override
        public String clientId() {
            return clientId;
        }

        @Override
        public Duration sessionExpiry() {
            return Duration.ZERO;
        }

        @Override
        public List<String> filters() {
            return filters;
        }

        @Override
        public Optional<Message> online() {
            return Optional.empty();
        }

        @Override
        public Optional<Message> will() {
            return Optional.empty();
        }

        @Override
        public void receive(Message message) throws InterruptedException {
            arrived.put(message);
        }

        @Override
        public void connected(Runnable filtersChanged) {
            if (!connected.complete(null)) {
                note.accept("connected again to " + broker);
                connectedAgain.run();
            }
        }

        @Override
        public void disconnected(String why) {
            if (!connected.completeExceptionally(new IllegalStateException(why))
                    && !connected.isCompletedExceptionally()) {
                note.accept(why);
            }
        }
    }
}
