package io.gatehouse.api.tunnel;

import java.net.InetSocketAddress;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A door on this device that a tunnel may lead to, beside those that its configuration permits. It is open as long as this is registered
 * as a service; then every tunnel to it is closed.
 */
@ConsumerType
@FunctionalInterface
public interface TunnelTarget {
    /** Where it listens: an address of the loopback interface. The answer does not change. */
    InetSocketAddress address();
}
