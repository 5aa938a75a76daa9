package io.gatehouse.transport.mqtt;

import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Outgoing;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Connects a gateway, as long as there is an endpoint to connect and a door out. */
@Component(
        name = MqttTransport.PID,
        configurationPid = MqttTransport.PID,
        immediate = true,
        service = {})
public final class MqttTransport {
    static final String PID = "io.gatehouse.transport.mqtt";

    /**
     * Where the broker is: for a gateway that is not configured otherwise, a property of the framework; of an endpoint that is to
     * be connected somewhere else, a property of its service.
     */
    private static final String BROKER = "gatehouse.broker";

    /** Whether a broker elsewhere may be spoken to without TLS. */
    private static final String PLAINTEXT = "gatehouse.broker.plaintext";

    private static final Logger LOG = System.getLogger(MqttTransport.class.getName());

    private final Optional<MqttConnection> connection;

    /** What can be configured. */
    @interface Settings {
        /** The broker's address; empty takes the framework property {@code gatehouse.broker}. */
        String uri() default "";

        String username() default "";

        String password() default "";

        /**
         * The file with the certificates, in PEM, of who may vouch for the broker; empty takes those that Java trusts. Not
         * looked at where the device is a member of a fleet, whose authority vouches for the broker.
         */
        String trust() default "";

        /** The versions of TLS that will do. */
        String protocols() default Security.PROTOCOLS;

        /** Whether a broker that is not on this machine may be spoken to without TLS. */
        boolean plaintext() default false;

        /** Seconds. */
        int keepAlive() default MqttSettings.KEEP_ALIVE;

        int receiveMaximum() default MqttSettings.RECEIVE_MAXIMUM;

        /** Messages on their way out at a time, at most. */
        int window() default MqttSettings.WINDOW;

        /** Bytes of the largest packet that the broker may send; it drops what is larger. */
        int maximumPacketSize() default MqttSettings.MAXIMUM_PACKET_SIZE;

        /** As in ISO 8601. */
        String willDelay() default MqttSettings.WILL_DELAY;
    }

    /**
     * Connects in the background, at once.
     *
     * @param endpoint with the properties of its service
     * @param fleet by what the device shows who it is, where it is a member of a fleet
     */
    @Activate
    public MqttTransport(
            BundleContext context,
            Settings settings,
            @Reference(policyOption = ReferencePolicyOption.GREEDY) Map.Entry<Map<String, Object>, Endpoint> endpoint,
            @Reference(policyOption = ReferencePolicyOption.GREEDY) Outgoing outgoing,
            @Reference(
                            target = "(gatehouse.tls=fleet)",
                            cardinality = ReferenceCardinality.OPTIONAL,
                            policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    SSLContext fleet) {
        Optional<String> elsewhere =
                Optional.ofNullable(endpoint.getKey().get(BROKER)).map(String::valueOf);
        String configured = settings.uri().isEmpty() ? context.getProperty(BROKER) : settings.uri();
        boolean plaintext = settings.plaintext() || Boolean.parseBoolean(context.getProperty(PLAINTEXT));
        connection = read(elsewhere.orElse(configured), settings, plaintext, Optional.ofNullable(fleet))
                .map(read -> MqttConnection.open(read, endpoint.getValue(), outgoing, new SplittableRandom()));
    }

    @Deactivate
    void close() {
        connection.ifPresent(MqttConnection::close);
    }

    private static Optional<MqttSettings> read(
            @Nullable String uri, Settings settings, boolean plaintext, Optional<SSLContext> fleet) {
        if (uri == null || uri.isEmpty()) {
            LOG.log(
                    Level.ERROR,
                    "no broker: set \"uri\" in the configuration {0}, or the property {1}, for example to tcp://broker:1883",
                    PID,
                    BROKER);
            return Optional.empty();
        }
        try {
            return Optional.of(MqttSettings.of(uri)
                    .withBroker(broker -> who(broker, settings))
                    .withBroker(broker -> plaintext ? broker : broker.unlessOthersListen())
                    .with(Security.of(fleet, settings.protocols()))
                    .withBounds(
                            settings.keepAlive(),
                            settings.receiveMaximum(),
                            settings.window(),
                            duration(settings.willDelay()))
                    .withMaximumPacketSize(settings.maximumPacketSize()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(PID + ": " + e.getMessage(), e);
        }
    }

    private static Broker who(Broker broker, Settings settings) {
        Broker named = broker.as(settings.username(), settings.password());
        return settings.trust().isEmpty() ? named : named.trusting(Path.of(settings.trust()));
    }

    private static Duration duration(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("willDelay must be a duration such as PT30S: \"" + text + "\"", e);
        }
    }
}
