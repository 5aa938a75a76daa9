package com.example.amqp;

import io.gatehouse.api.message.Endpoint;
import io.gatehouse.api.message.Outgoing;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Connects a gateway to a broker, as long as there is an endpoint to connect and a door out. */
@Component(
        name = AmqpTransport.PID,
        configurationPid = AmqpTransport.PID,
        immediate = true,
        service = {})
public final class AmqpTransport {
    static final String PID = "com.example.amqp";

    private final AmqpConnection connection;

    /** What can be configured. */
    @interface Settings {
        /** The broker's address, {@code amqps://host:port}; empty takes the framework property {@code gatehouse.broker}. */
        String uri() default "";

        String username() default "";

        String password() default "";

        /** Whether a broker that is not on this machine may be spoken to without TLS. */
        boolean plaintext() default false;
    }

    /**
     * Connects in the background, at once.
     *
     * @param endpoint of the fleet; one that is to be connected elsewhere, for enrollment, is left to others
     * @param fleet by what the device shows who it is, and knows the broker, where it is a member of a fleet
     */
    @Activate
    public AmqpTransport(
            BundleContext context,
            Settings settings,
            @Reference(target = "(!(gatehouse.broker=*))", policyOption = ReferencePolicyOption.GREEDY)
                    Endpoint endpoint,
            @Reference(policyOption = ReferencePolicyOption.GREEDY) Outgoing outgoing,
            @Reference(
                            target = "(gatehouse.tls=fleet)",
                            cardinality = ReferenceCardinality.OPTIONAL,
                            policyOption = ReferencePolicyOption.GREEDY)
                    SSLContext fleet)
            throws NoSuchAlgorithmException {
        String uri = settings.uri().isEmpty() ? context.getProperty("gatehouse.broker") : settings.uri();
        Broker broker = Broker.at(uri == null ? "" : uri, settings.username(), settings.password());
        if (broker.othersListen() && !settings.plaintext()) {
            throw new IllegalArgumentException(PID + ": " + broker
                    + " has no TLS, and is not on this machine: use amqps://, or set \"plaintext\"");
        }
        connection = new AmqpConnection(broker, fleet == null ? SSLContext.getDefault() : fleet, endpoint, outgoing);
        connection.start();
    }

    @Deactivate
    void close() {
        connection.close();
    }
}
