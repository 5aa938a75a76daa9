package io.gatehouse.api.message;

import java.net.URI;
import javax.net.ssl.SSLContext;
import org.osgi.annotation.versioning.ProviderType;

/** Connects a program outside of OSGi, found by {@link java.util.ServiceLoader}. On a device a transport is a component. */
@ProviderType
public interface TransportProvider {
    /** Whether it speaks to addresses of this scheme, for example {@code tcp} or {@code ssl}. */
    boolean speaks(String scheme);

    /**
     * Whether somebody on the way to this broker can listen in: it is spoken to without TLS, and is not on this machine.
     *
     * @throws IllegalArgumentException if it is no address of a broker
     */
    boolean othersListen(URI broker);

    /** Connects, in the background, and again whenever the connection is lost, until it is closed. */
    Connection open(URI broker, Endpoint endpoint, Outgoing outgoing);

    /**
     * As {@link #open(URI, Endpoint, Outgoing)}; where the address asks for TLS, with whom this context trusts, and as whom it
     * shows itself.
     */
    default Connection open(URI broker, SSLContext tls, Endpoint endpoint, Outgoing outgoing) {
        throw new UnsupportedOperationException("no TLS but Java's own to " + broker.getHost());
    }

    /** A connection that is kept up. */
    interface Connection extends AutoCloseable {
        /** Lets what is on its way arrive, for a second at most, and disconnects. */
        @Override
        void close();
    }
}
