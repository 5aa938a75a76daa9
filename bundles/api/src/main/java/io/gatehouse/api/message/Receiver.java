package io.gatehouse.api.message;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Takes what arrives at one topic of this device that is neither command nor desired. Registered as a service with the
 * property {@code gatehouse.receives}: the topic below the device's own name, for example {@code artifact/data}.
 */
@ConsumerType
@FunctionalInterface
public interface Receiver {
    /** Takes a message, at once: the way of everything that comes in waits for it. */
    void receive(Message message);
}
