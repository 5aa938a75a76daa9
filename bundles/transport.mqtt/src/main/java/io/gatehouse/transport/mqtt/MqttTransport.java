package io.gatehouse.transport.mqtt;

import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Outgoing;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Connects a gateway, as long as there is an endpoint to connect and a door out. */
@Component(
        name = MqttTransport.PID,
        configurationPid = MqttTransport.PID,
        immediate = true,
        service = {})
public final class MqttTransport {
    static final String PID = "io.gatehouse.transport.mqtt";

    /** Where the broker is, for a gateway that is not configured otherwise. */
    private static final String BROKER = "gatehouse.broker";

    private static final Logger LOG = System.getLogger(MqttTransport.class.getName());

    private final Optional<MqttConnection> connection;

    /** What can be configured. */
    @interface Settings {
        /** The broker's address; empty takes the framework property {@code gatehouse.broker}. */
        String uri() default "";

        String username() default "";

        String password() default "";

        /** Seconds. */
        int keepAlive() default MqttSettings.KEEP_ALIVE;

        int receiveMaximum() default MqttSettings.RECEIVE_MAXIMUM;

        /** Messages on their way out at a time, at most. */
        int window() default MqttSettings.WINDOW;

        /** As in ISO 8601. */
        String willDelay() default MqttSettings.WILL_DELAY;
    }

    /** Connects in the background, at once. */
    @Activate
    public MqttTransport(
            BundleContext context, Settings settings, @Reference Endpoint endpoint, @Reference Outgoing outgoing) {
        String uri = settings.uri().isEmpty() ? context.getProperty(BROKER) : settings.uri();
        connection =
                read(uri, settings).map(read -> MqttConnection.open(read, endpoint, outgoing, new SplittableRandom()));
    }

    @Deactivate
    void close() {
        connection.ifPresent(MqttConnection::close);
    }

    private static Optional<MqttSettings> read(@Nullable String uri, Settings settings) {
        if (uri == null || uri.isEmpty()) {
            LOG.log(
                    Level.ERROR,
                    "no broker: set \"uri\" in the configuration {0}, or the property {1}, for example to tcp://broker:1883",
                    PID,
                    BROKER);
            return Optional.empty();
        }
        return Optional.of(MqttSettings.of(URI.create(uri))
                .withCredentials(settings.username(), settings.password())
                .withBounds(
                        settings.keepAlive(),
                        settings.receiveMaximum(),
                        settings.window(),
                        duration(settings.willDelay())));
    }

    private static Duration duration(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("willDelay must be a duration such as PT30S: \"" + text + "\"", e);
        }
    }
}
