package io.gatehouse.api.message;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** In whose name a transport connects, and who takes what arrives. */
@ProviderType
public interface Endpoint {
    /** The same for the device's life. */
    String clientId();

    /** How long the broker keeps what arrives while nobody is connected; zero asks for a clean start each time. */
    Duration sessionExpiry();

    /**
     * Topic filters to hold a subscription for, all at least once. What is retained at them comes with a transport's first
     * connection, also where the broker held the subscriptions before: an endpoint may have lost what it was once brought.
     */
    List<String> filters();

    /** What is published on every connection before anything else, when the subscriptions are held. */
    Optional<Message> online();

    /** What the broker publishes when the connection was lost for longer than the will delay. */
    Optional<Message> will();

    /**
     * Takes a message; called in order of arrival by one thread. When this returns, the message is kept as far as it needs to
     * be, and the transport acknowledges it.
     */
    void receive(Message message) throws InterruptedException;

    /**
     * The connection is up and its subscriptions are held. The call returns at once.
     *
     * @param filtersChanged has the transport ask for {@link #filters()} again and hold a subscription for those that are
     *     new; may be called by any thread, returns at once, and does nothing when this connection is no more
     */
    void connected(Runnable filtersChanged);

    /**
     * There is no connection, and another attempt follows: told once when it is lost, and once for each attempt that failed.
     * The call returns at once.
     *
     * @param why in words for an operator, with the broker's address
     */
    void disconnected(String why);
}
